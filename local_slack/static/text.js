// mrkdwn, rich text and Markdown as DOM.

import { el } from "./dom.js";
import { slackDate } from "./times.js";

const DOTS = { large_green_circle: "green", green_circle: "green", red_circle: "red", white_circle: "white", large_yellow_circle: "yellow", large_blue_circle: "blue" };
const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", wave: "👋", tada: "🎉", clock3: "🕒", stopwatch: "⏱️",
  bulb: "💡", memo: "📝", calendar: "📅", hourglass: "⌛", hourglass_flowing_sand: "⏳", bar_chart: "📊", rocket: "🚀",
  thumbsup: "👍", "+1": "👍", eyes: "👀", coffee: "☕", moon: "🌙", sunny: "☀️", zzz: "💤", pushpin: "📌", lock: "🔒", inbox_tray: "📥",
  wastebasket: "🗑️",
};

const decoded = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function emoji(name) {
  if (DOTS[name]) return el("span", { className: `dot ${DOTS[name]}`, role: "img", "aria-label": name.replaceAll("_", " ") });
  return EMOJI[name] ?? `:${name}:`;
}

export const plain = (text) => text.split(/(:[a-z0-9_+-]+:)/).map((part) => (/^:[a-z0-9_+-]+:$/.test(part) ? emoji(part.slice(1, -1)) : part));

const mention = (sign, name) => el("span", { className: "mention" }, `${sign}${name}`);
const person = (id, label, view) => mention("@", view.people.find((one) => one.id === id)?.name ?? label ?? id);
const channel = (id, label, view) => mention("#", view.channels.find((one) => one.id === id)?.name ?? label ?? id);

function link(target, children) {
  if (!/^(https?|mailto):/i.test(target)) return el("span", {}, children);
  return el("a", { href: target, rel: "noreferrer noopener", target: "_blank" }, children);
}

// Its text changes as time passes: the marks are for `tick`. Screen readers read it once.
function dated(unix, form, said, label, view) {
  const changes = slackDate(unix, form, view) !== null && /\{(ago|\w+_pretty)\}/.test(form);
  return el("time", { title: label, ...(changes ? { "data-unix": unix, "data-form": form, "aria-live": "off" } : {}) }, said);
}

export function tick(view) {
  for (const node of document.querySelectorAll("time[data-unix]")) {
    const said = slackDate(node.dataset.unix, node.dataset.form, view);
    if (node.textContent !== said) node.textContent = said;
  }
}

function angle(inside, view) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : decoded(inside.slice(bar + 1));
  if (target.startsWith("!date^")) {
    const [, unix, form = "", address] = target.split("^");
    const said = slackDate(unix, decoded(form), view) ?? label ?? "";
    const node = dated(unix, decoded(form), said, label, view);
    return address ? link(decoded(address), node) : node;
  }
  if (target.startsWith("@")) return person(target.slice(1), label, view);
  if (target.startsWith("#")) return channel(target.slice(1), label, view);
  if (target.startsWith("!subteam^")) return mention("", label ?? "@group");
  if (target.startsWith("!")) return mention("@", label ?? target.slice(1));
  if (/^(https?|mailto):/i.test(target)) return link(decoded(target), label ?? decoded(target));
  return `<${decoded(inside)}>`;
}

const INLINE = new RegExp(
  [
    "(`[^`\\n]+`)",
    "<([^<>\\n]+)>",
    ":([a-z0-9_+-]+):",
    "(?<![\\w*])\\*(?![\\s*])([^*\\n]*[^*\\s])\\*(?![\\w*])",
    "(?<![\\w_])_(?![\\s_])([^_\\n]*[^_\\s])_(?![\\w_])",
    "(?<![\\w~])~(?![\\s~])([^~\\n]*[^~\\s])~(?![\\w~])",
  ].join("|"), "g");

function inline(text, view) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) nodes.push(decoded(text.slice(at, found.index)));
    const [whole, code, bracket, name, bold, italic, struck] = found;
    if (code) nodes.push(el("code", {}, decoded(code.slice(1, -1))));
    else if (bracket) nodes.push(angle(bracket, view));
    else if (name) nodes.push(emoji(name));
    else if (bold) nodes.push(el("strong", {}, inline(bold, view)));
    else if (italic) nodes.push(el("em", {}, inline(italic, view)));
    else nodes.push(el("s", {}, inline(struck, view)));
    at = found.index + whole.length;
  }
  if (at < text.length) nodes.push(decoded(text.slice(at)));
  return nodes;
}

// Lines that belong together: quotes and lists; the rest keeps its line breaks.
function lines(text, view, say) {
  const nodes = [];
  let quoted = null;
  for (const [index, line] of text.split("\n").entries()) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const item = /^(\s*)([•◦▪-]|\d{1,3}\.)\s+(.+)$/.exec(line);
    if (quote) {
      if (!quoted) nodes.push((quoted = el("blockquote")));
      quoted.append(el("div", {}, say(quote[1], view)));
      continue;
    }
    if (item) nodes.push(el("div", { className: "item" }, el("span", {}, `${item[1]}${item[2]}`), el("span", {}, say(item[3], view))));
    else {
      const follows = index > 0 && !quoted && nodes.length > 0 && !/item|heading/.test(nodes.at(-1).className ?? "");
      nodes.push(...(follows ? [el("br")] : []), ...say(line, view));
    }
    quoted = null;
  }
  return nodes;
}

const fenced = (text, view, say) =>
  text.split(/```(?:\w*\n)?([\s\S]*?)```\n?/).flatMap((part, index) => {
    if (index % 2) return [el("pre", {}, decoded(part.replace(/\n$/, "")))];
    const trimmed = index ? part.replace(/^\n/, "") : part;
    return trimmed ? lines(trimmed.replace(/\n$/, ""), view, say) : [];
  });

export const mrkdwn = (text, view) => fenced(text, view, inline);

export const textOf = (object, view) => (object.type === "mrkdwn" ? mrkdwn(object.text, view) : plain(object.text));

const MARKS = /(`[^`\n]+`)|\[([^\]\n]+)\]\(([^)\s]+)\)|\*\*([^*\n]+)\*\*|~~([^~\n]+)~~|(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])/g;

function marked(text, view) {
  const nodes = [];
  let at = 0;
  const heading = /^(#{1,6})\s+(.*)$/.exec(text);
  if (heading) return [el("strong", { className: "heading" }, marked(heading[2], view))];
  if (/^(-{3,}|\*{3,})$/.test(text.trim())) return [el("hr")];
  for (const found of text.matchAll(MARKS)) {
    nodes.push(...plain(text.slice(at, found.index)));
    const [whole, code, label, target, bold, struck, italic] = found;
    if (code) nodes.push(el("code", {}, code.slice(1, -1)));
    else if (target) nodes.push(link(target, label));
    else if (bold) nodes.push(el("strong", {}, marked(bold, view)));
    else if (struck) nodes.push(el("s", {}, struck));
    else nodes.push(el("em", {}, italic));
    at = found.index + whole.length;
  }
  return [...nodes, ...plain(text.slice(at))];
}

export const markdown = (text, view) => fenced(text.replace(/^(\s*)[*+-] /gm, "$1• "), view, marked);

const STYLE = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };
const RUN = {
  text: (one) => one.text,
  link: (one) => link(one.url, one.text ?? one.url),
  emoji: (one) => emoji(one.name),
  user: (one, view) => person(one.user_id, null, view),
  channel: (one, view) => channel(one.channel_id, null, view),
  broadcast: (one) => mention("@", one.range),
  usergroup: (one) => mention("@", one.usergroup_id),
  date: (one, view) => dated(String(one.timestamp), one.format, slackDate(String(one.timestamp), one.format, view) ?? one.fallback ?? "", one.fallback, view),
  color: (one) => el("code", {}, one.value),
};

const run = (elements, view) =>
  elements.map((one) => Object.entries(STYLE).reduce(
    (node, [name, tag]) => (one.style?.[name] ? el(tag, {}, node) : node), RUN[one.type]?.(one, view) ?? ""));

export function richText(block, view) {
  return block.elements.map((part) => {
    if (part.type === "rich_text_preformatted") return el("pre", {}, run(part.elements, view));
    if (part.type === "rich_text_quote") return el("blockquote", {}, run(part.elements, view));
    if (part.type === "rich_text_list") {
      const rows = part.elements.map((one) => el("li", {}, run(one.elements, view)));
      return el(part.style === "ordered" ? "ol" : "ul", { className: `list indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null }, rows);
    }
    return el("div", { className: "lines" }, run(part.elements, view));
  });
}
