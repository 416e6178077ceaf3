// Block Kit as DOM. A block of an unknown type is shown as its JSON.

import { chartBlock } from "./charts.js";
import { acting, confirmed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { field, inputBlock, isField } from "./fields.js";
import { overflow } from "./menus.js";
import { markdown, plain, richText, textOf } from "./text.js";

function button(element, view) {
  const node = el("button", { type: "button", className: `act ${element.style ?? ""}`, "aria-label": element.accessibility_label, "data-action": element.action_id },
    el("span", {}, plain(element.text.text)));
  node.addEventListener("click", async () => {
    if (!(await confirmed(element.confirm, view))) return;
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    await acting(node, () => view.press(element));
  });
  return node;
}

// Pictures from elsewhere are described and not loaded: this page requests nothing from the network.
function picture(element, className) {
  const described = () => el("span", { className: "no-picture" }, element.alt_text);
  if (!element.image_url?.startsWith("data:image/")) return described();
  const shown = el("img", { className, src: element.image_url, alt: element.alt_text });
  shown.addEventListener("error", () => shown.replaceWith(described()));
  return shown;
}

const asJson = (value) => el("pre", { className: "unknown" }, JSON.stringify(value, null, 2));

const element = (one, block, view) => {
  if (one.type === "button") return button(one, view);
  if (one.type === "image") return picture(one, "thumb");
  if (one.type === "overflow") return overflow(one, block, view);
  if (isField(one.type)) return field(one, block, view);
  return asJson(one);
};

// The text beside an element describes it for screen readers.
function section(block, view) {
  const about = block.accessory && block.text ? encodeURIComponent(`${view.key}/${block.block_id}/words`) : null;
  return el("div", { className: "block section" },
    el("div", { className: "words" },
      block.text && el("div", { className: "text", id: about }, textOf(block.text, view)),
      block.fields && el("div", { className: "fields" }, block.fields.map((one) => el("div", { className: "text" }, textOf(one, view))))),
    block.accessory && element(block.accessory, block, { ...view, about }));
}

const LEVELS = { info: "Note", warning: "Warning", error: "Error", success: "Done" };

function alert(block, view) {
  const level = block.level ?? "default";
  return el("div", { className: `block alert ${level}`, role: "note" }, icon(level === "success" ? "check" : "alert"),
    el("div", { className: "text" }, LEVELS[level] && el("span", { className: "unseen" }, `${LEVELS[level]}: `), textOf(block.text, view)));
}

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
  section,
  alert,
  input: (block, view) => inputBlock(block, view) ?? asJson(block),
  header: (block) => el("h3", { className: "block header" }, plain(block.text.text)),
  context: (block, view) => el("div", { className: "block context" }, block.elements.map((one) =>
    (one.type === "image" ? picture(one, "tiny") : el("span", { className: "text" }, textOf(one, view))))),
  divider: () => el("hr", { className: "block" }),
  actions: (block, view) => el("div", { className: "block actions" }, block.elements.map((one) => element(one, block, view))),
  image: (block) => el("figure", { className: "block image" }, block.title && el("figcaption", {}, plain(block.title.text)), picture(block, "wide")),
  rich_text: (block, view) => el("div", { className: "block text" }, richText(block, view)),
  markdown: (block, view) => el("div", { className: "block text" }, markdown(block.text, view)),
  table,
  data_table: table,
  data_visualization: chartBlock,
};

export function drawn(block, view) {
  try {
    return (RENDER[block.type] ?? asJson)(block, view);
  } catch (error) {
    console.warn("This block could not be drawn", error);
    return asJson(block);
  }
}

// Give blocks without an id the one that the server gives them.
export const named = (blocks) => blocks.map((block, index) => ({ block_id: `b${index}`, ...block }));
