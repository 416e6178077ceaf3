// Block Kit as DOM. A block nobody knows here is shown as its JSON rather than left out.

import { chartBlock } from "./charts.js";
import { $, el, icon } from "./dom.js";
import { markdown, mrkdwn, plain, richText, textOf } from "./text.js";

// Resolves to whether the person confirmed; Escape means no.
function confirmed(object) {
  const dialog = $("confirm");
  $("confirm-title").textContent = object.title.text;
  $("confirm-deny").textContent = object.deny.text;
  $("confirm-yes").textContent = object.confirm.text;
  $("confirm-yes").className = `act ${object.style ?? "primary"}`;
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "";
    dialog.showModal();
  });
}

function button(element, view) {
  const node = el("button", { type: "button", className: `act ${element.style ?? ""}`, "aria-label": element.accessibility_label, "data-action": element.action_id },
    el("span", {}, plain(element.text.text)));
  node.addEventListener("click", async () => {
    if (element.confirm) {
      $("confirm-text").replaceChildren(...textOf(element.confirm.text, view));
      if (!(await confirmed(element.confirm))) return;
    }
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    // Until the app has answered none of the message's buttons can be pressed: a double click is one press.
    const all = [...node.closest(".body").querySelectorAll("button.act")];
    for (const one of all) one.disabled = true;
    node.classList.add("pending");
    node.setAttribute("aria-busy", "true");
    try {
      await view.press(element);
    } finally {
      for (const one of all) one.disabled = false;
      node.classList.remove("pending");
      node.removeAttribute("aria-busy");
    }
  });
  return node;
}

// Pictures from elsewhere are described instead of loaded: nothing on this page asks the network for anything.
function picture(element, className) {
  const described = () => el("span", { className: "no-picture" }, element.alt_text);
  if (!element.image_url?.startsWith("data:image/")) return described();
  const shown = el("img", { className, src: element.image_url, alt: element.alt_text });
  shown.addEventListener("error", () => shown.replaceWith(described()));
  return shown;
}

const asJson = (value) => el("pre", { className: "unknown" }, JSON.stringify(value, null, 2));

const element = (one, view) => {
  if (one.type === "button") return button(one, view);
  if (one.type === "image") return picture(one, "thumb");
  return asJson(one);
};

function cell(one, view) {
  if (one.type === "rich_text") return richText(one, view);
  return plain(one.text ?? String(one.value));
}

function table(block, view) {
  const settings = (index) => block.column_settings?.[index] ?? {};
  const row = (cells, tag) => el("tr", {}, cells.map((one, index) => {
    const leads = tag === "td" && index === block.row_header_column_index;
    const align = settings(index).align ?? (one.type === "raw_number" ? "right" : "left");
    return el(leads ? "th" : tag, { className: `${align} ${settings(index).is_wrapped ? "wrapped" : ""}`, scope: leads ? "row" : tag === "th" ? "col" : null }, cell(one, view));
  }));
  const [head, ...rest] = block.rows;
  return el("div", { className: "block table", tabindex: "0", role: "region", "aria-label": block.caption ?? "Table" },
    el("table", {}, block.caption && el("caption", {}, block.caption), el("thead", {}, row(head, "th")), el("tbody", {}, rest.map((cells) => row(cells, "td")))));
}

const RENDER = {
  section: (block, view) => el("div", { className: "block section" },
    el("div", { className: "words" },
      block.text && el("div", { className: "text" }, textOf(block.text, view)),
      block.fields && el("div", { className: "fields" }, block.fields.map((one) => el("div", { className: "text" }, textOf(one, view))))),
    block.accessory && element(block.accessory, view)),
  header: (block) => el("h3", { className: "block header" }, plain(block.text.text)),
  context: (block, view) => el("div", { className: "block context" }, block.elements.map((one) =>
    (one.type === "image" ? picture(one, "tiny") : el("span", { className: "text" }, textOf(one, view))))),
  divider: () => el("hr", { className: "block" }),
  actions: (block, view) => el("div", { className: "block actions" }, block.elements.map((one) => element(one, view))),
  image: (block) => el("figure", { className: "block image" }, block.title && el("figcaption", {}, plain(block.title.text)), picture(block, "wide")),
  rich_text: (block, view) => el("div", { className: "block text" }, richText(block, view)),
  markdown: (block, view) => el("div", { className: "block text" }, markdown(block.text, view)),
  table,
  data_table: table,
  data_visualization: chartBlock,
};

function drawn(block, view) {
  try {
    return (RENDER[block.type] ?? asJson)(block, view);
  } catch (error) {
    console.warn("This block could not be drawn", error);
    return asJson(block);
  }
}

function face(message, view) {
  if (message.user === view.bot.id) return el("span", { className: "avatar bot", "aria-hidden": "true" }, icon("clock"));
  const index = view.people.findIndex((one) => one.id === message.user);
  return avatar(view.people[index] ?? { name: message.user }, index);
}

export function avatar(person, index, size = "") {
  const initials = person.name.split(" ").map((word) => word[0]).join("").slice(0, 2);
  return el("span", { className: `avatar hue-${Math.max(index, 0) % 6} ${size}`, "aria-hidden": "true" }, initials);
}

// `follows` is a message of the same author shortly after the last: it needs no face and no name again.
export function messageRow(message, view, said, follows) {
  const bot = message.user === view.bot.id;
  const within = (block, index) => ({ ...view, press: (element) => view.press(message, block.block_id ?? `b${index}`, element) });
  const name = bot ? view.bot.name : view.people.find((one) => one.id === message.user)?.name ?? message.user;
  const when = el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString(), title: said.full }, said.time);
  const edited = message.edited && el("span", { className: "edited" }, "(edited)");
  return el("li", { className: `message ${follows ? "follows" : ""} ${message.ephemeral ? "alone" : ""}`, "data-testid": "message", "data-ts": message.ts },
    follows ? el("span", { className: "gutter" }, when) : face(message, view),
    el("div", { className: "body" },
      message.ephemeral && el("div", { className: "only" }, icon("eye"), "Only visible to you"),
      follows ? el("span", { className: "unseen" }, `${name}: `) : el("div", { className: "meta" }, el("strong", {}, name), bot && el("span", { className: "badge" }, "APP"), when, edited),
      message.blocks.length ? message.blocks.map((block, index) => drawn(block, within(block, index))) : el("div", { className: "block text" }, mrkdwn(message.text, view)),
      follows && edited));
}
