// Block Kit and mrkdwn as DOM. People's text only ever becomes text nodes: nothing here parses HTML.

const DOTS = { large_green_circle: "green", white_circle: "white", red_circle: "red" };
const EMOJI = {
  white_check_mark: "✅", warning: "⚠️",
  wave: "👋", tada: "🎉", clock3: "🕒", stopwatch: "⏱️", bulb: "💡", memo: "📝", calendar: "📅", hourglass: "⌛",
};
const COLORS = ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)"];
const SVG = "http://www.w3.org/2000/svg";

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const decoded = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const emoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

function slackDate(unix, form, zone) {
  const at = new Date(Number(unix) * 1000);
  const say = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at);
  const forms = {
    time: { hour: "2-digit", minute: "2-digit" }, time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
    date: { dateStyle: "long" }, date_short: { dateStyle: "medium" }, date_long: { dateStyle: "full" },
    date_pretty: { dateStyle: "long" }, date_short_pretty: { weekday: "short", day: "numeric", month: "short" },
    date_long_pretty: { dateStyle: "full" }, date_num: { dateStyle: "short" },
  };
  return form.replace(/\{(\w+)\}/g, (whole, name) => (forms[name] ? say(forms[name]) : whole));
}

function angle(inside, view) {
  if (inside.startsWith("!date^")) {
    const [, unix, form] = inside.split("|")[0].split("^");
    return el("time", { title: new Date(Number(unix) * 1000).toISOString() }, slackDate(unix, form, view.zone));
  }
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) {
    const person = view.people.find((one) => one.id === target.slice(1));
    return el("span", { class: "mention" }, `@${person?.name ?? label ?? target.slice(1)}`);
  }
  if (target.startsWith("#")) return el("span", { class: "mention" }, `#${label ?? target.slice(1)}`);
  if (target.startsWith("!")) return el("span", { class: "mention" }, `@${label ?? target.slice(1)}`);
  if (/^(https?|mailto):/.test(target)) return el("a", { href: decoded(target), rel: "noreferrer noopener", target: "_blank" }, decoded(label ?? target));
  return document.createTextNode(`<${decoded(inside)}>`);
}

const INLINE = /:(large_green_circle|white_circle|red_circle):|(```[\s\S]+?```)|(`[^`\n]+`)|(<[^<>\n]+>)|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<![\w_])_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?!\w)/g;

export function mrkdwn(text, view) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) nodes.push(emoji(decoded(text.slice(at, found.index))));
    const [whole, dot, fence, code, bracket, bold, italic, struck] = found;
    if (dot) nodes.push(el("span", { class: `dot ${DOTS[dot]}`, role: "img", "aria-label": dot.replaceAll("_", " ") }));
    else if (fence) nodes.push(el("pre", {}, decoded(fence.slice(3, -3).replace(/^\n/, ""))));
    else if (code) nodes.push(el("code", {}, decoded(code.slice(1, -1))));
    else if (bracket) nodes.push(angle(bracket.slice(1, -1), view));
    else if (bold) nodes.push(el("strong", {}, ...mrkdwn(bold, view)));
    else if (italic) nodes.push(el("em", {}, ...mrkdwn(italic, view)));
    else nodes.push(el("s", {}, ...mrkdwn(struck, view)));
    at = found.index + whole.length;
  }
  if (at < text.length) nodes.push(emoji(decoded(text.slice(at))));
  return nodes;
}

const textOf = (object, view) =>
  object.type === "mrkdwn" ? mrkdwn(object.text, view) : [object.emoji === false ? object.text : emoji(object.text)];

function button(element, view) {
  const node = el("button", { type: "button", class: `act ${element.style ?? ""}` }, ...textOf(element.text, view));
  node.addEventListener("click", async () => {
    if (element.confirm && !window.confirm(`${element.confirm.title.text}\n\n${element.confirm.text.text}`)) return;
    for (const one of node.closest(".block").querySelectorAll("button")) one.disabled = true;
    await view.press(element);
  });
  return node;
}

function cell(one, view) {
  if (one.type !== "rich_text") return [one.text];
  return one.elements.flatMap((part) => part.elements ?? []).map((part) => (part.style?.bold ? el("strong", {}, part.text) : part.text ?? ""));
}

function table(block, view) {
  const align = (column) => (block.column_settings?.[column]?.align === "right" ? "right" : "");
  const row = (cells, tag) => el("tr", {}, ...cells.map((one, column) =>
    el(tag, { class: align(column), scope: tag === "th" ? "col" : null }, ...cell(one, view))));
  const [head, ...rest] = block.rows;
  return el("div", { class: "block table-wrap" }, el("table", {},
    block.caption ? el("caption", {}, block.caption) : null,
    el("thead", {}, row(head, "th")), el("tbody", {}, ...rest.map((cells) => row(cells, "td")))));
}

function svg(tag, properties, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function pie(segments) {
  const total = segments.reduce((sum, one) => sum + one.value, 0);
  let angleAt = -Math.PI / 2;
  return segments.map((one, index) => {
    const turn = (one.value / total) * 2 * Math.PI;
    const [x1, y1] = [90 + 80 * Math.cos(angleAt), 90 + 80 * Math.sin(angleAt)];
    angleAt += turn;
    const [x2, y2] = [90 + 80 * Math.cos(angleAt), 90 + 80 * Math.sin(angleAt)];
    const d = segments.length === 1 ? "M90 10a80 80 0 1 1-.01 0z" : `M90 90L${x1} ${y1}A80 80 0 ${turn > Math.PI ? 1 : 0} 1 ${x2} ${y2}z`;
    return svg("path", { d, fill: COLORS[index % 6] });
  });
}

function axes(chart) {
  const { categories, y_label: unit = "" } = chart.axis_config;
  const [width, height, left, top, bottom] = [540, 216, 40, 26, 30];
  const most = Math.max(...chart.series.flatMap((one) => one.data.map((point) => point.value)), 0.01);
  const step = 10 ** Math.floor(Math.log10(most)) * ([1, 2, 5, 10].find((one) => (most / 10 ** Math.floor(Math.log10(most))) / one <= 4) ?? 10);
  const ceiling = Math.ceil(most / step) * step;
  const y = (value) => top + (height - top - bottom) * (1 - value / ceiling);
  const column = (width - left - 8) / categories.length;
  const nodes = [];
  for (let line = 0; line <= ceiling + step / 2; line += step) {
    nodes.push(svg("line", { class: "grid", x1: left, x2: width - 8, y1: y(line), y2: y(line) }));
    nodes.push(svg("text", { x: left - 6, y: y(line) + 4, "text-anchor": "end" }, String(Number(line.toFixed(3)))));
  }
  categories.forEach((name, index) => nodes.push(svg("text", { x: left + column * (index + 0.5), y: height - 14, "text-anchor": "middle" }, name)));
  chart.series.forEach((one, number) => {
    const points = one.data.map((point, index) => [left + column * (index + 0.5), y(point.value), point.value]);
    if (chart.type === "bar") {
      const bar = Math.min(64, (column * 0.7) / chart.series.length);
      for (const [x, at, value] of points) {
        const shift = (number - (chart.series.length - 1) / 2) * bar;
        nodes.push(svg("rect", { x: x + shift - bar / 2, y: at, width: bar, height: Math.max(height - bottom - at, 1), rx: 3, fill: COLORS[number % 6] }));
        if (chart.series.length === 1) nodes.push(svg("text", { class: "value", x, y: at - 4, "text-anchor": "middle" }, String(value)));
      }
    } else {
      const path = points.map(([x, at]) => `${x},${at}`).join(" ");
      if (chart.type === "area") nodes.push(svg("polygon", { points: `${points[0][0]},${y(0)} ${path} ${points.at(-1)[0]},${y(0)}`, fill: COLORS[number % 6], opacity: 0.25 }));
      nodes.push(svg("polyline", { points: path, fill: "none", stroke: COLORS[number % 6], "stroke-width": 2 }));
    }
  });
  if (unit) nodes.push(svg("text", { x: 4, y: 10 }, unit));
  return { nodes, box: `0 0 ${width} ${height}` };
}

function chartBlock(block) {
  const { chart } = block;
  const isPie = chart.type === "pie";
  const named = isPie ? chart.segments.map((one) => one.label) : chart.series.map((one) => one.name);
  const words = isPie
    ? chart.segments.map((one) => `${one.label} ${one.value}`).join(", ")
    : chart.series.map((one) => `${one.name}: ${one.data.map((point) => `${point.label} ${point.value}`).join(", ")}`).join("; ");
  const drawn = isPie ? { nodes: pie(chart.segments), box: "0 0 180 180" } : axes(chart);
  const picture = svg("svg", { viewBox: drawn.box, role: "img", "aria-label": `${block.title}. ${words}` }, ...drawn.nodes);
  if (isPie) picture.style.maxWidth = "200px";
  const legend = el("div", { class: "legend" }, ...named.map((name, index) => {
    const swatch = el("i");
    swatch.style.background = COLORS[index % 6];
    return el("span", {}, swatch, name);
  }));
  return el("figure", { class: "block chart", style: null }, el("figcaption", {}, block.title), picture, named.length > 1 ? legend : null);
}

const RENDER = {
  section: (block, view) => el("div", { class: "block section" },
    block.text ? el("div", { class: "mrkdwn" }, ...textOf(block.text, view)) : null,
    block.fields ? el("div", { class: "fields" }, ...block.fields.map((one) => el("div", { class: "mrkdwn" }, ...textOf(one, view)))) : null,
    block.accessory?.type === "button" ? button(block.accessory, view) : null),
  header: (block, view) => el("div", { class: "block header", role: "heading", "aria-level": "3" }, ...textOf(block.text, view)),
  context: (block, view) => el("div", { class: "block context" }, ...block.elements.map((one) =>
    one.type === "image" ? el("img", { src: one.image_url, alt: one.alt_text, width: 20, height: 20 }) : el("span", { class: "mrkdwn" }, ...textOf(one, view)))),
  divider: () => el("div", { class: "block divider", role: "separator" }),
  actions: (block, view) => el("div", { class: "block actions" }, ...block.elements.map((one) => button(one, view))),
  image: (block) => el("img", { class: "block", src: block.image_url, alt: block.alt_text }),
  markdown: (block) => el("div", { class: "block mrkdwn" }, block.text),
  table, data_table: table, data_visualization: chartBlock,
};

export function message(one, view) {
  const known = one.blocks.map((block) => (RENDER[block.type] ?? ((other) => el("div", { class: "block unknown" }, JSON.stringify(other, null, 1))))(block, view));
  return known.length ? known : [el("div", { class: "mrkdwn" }, ...mrkdwn(one.text, view))];
}
