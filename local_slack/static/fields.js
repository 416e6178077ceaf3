// Fields: texts, dates, times, checkboxes, menus; as inputs of a form, and beside text in a message.

import { acting, confirmed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { isSelect, select } from "./selects.js";
import { plain, textOf } from "./text.js";
import { instantOf, wallClock } from "./times.js";

const TYPING_WAIT = 400;
const FIRST_YEAR = "1000"; // a year that is being typed is a small one at first

const refs = (...ids) => ids.filter(Boolean).join(" ") || null;

function text(element, { id, hooks, held, changed, dispatch }) {
  const tag = element.multiline || element.type === "rich_text_input" ? "textarea" : "input";
  const kind = { email_text_input: "email", url_text_input: "url" }[element.type] ?? "text";
  const node = el(tag, {
    ...hooks, id, className: "field", type: tag === "input" ? kind : null, inputmode: element.type === "number_input" ? "decimal" : null,
    rows: tag === "textarea" ? "4" : null, maxlength: element.max_length, placeholder: element.placeholder?.text, autocomplete: "off",
    "data-action": element.action_id,
  });
  node.value = held ?? "";
  let waiting = null;
  const on = dispatch ? element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"] : [];
  node.addEventListener("input", () => {
    changed(node.value || null, { quiet: true });
    clearTimeout(waiting);
    if (on.includes("on_character_entered")) waiting = setTimeout(() => changed(node.value || null), TYPING_WAIT);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !on.includes("on_enter_pressed") || tag === "textarea") return;
    event.preventDefault();
    changed(node.value || null);
  });
  return node;
}

const run = (text_) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: text_ }] }] });
const read = (rich) => (rich?.elements ?? []).map((part) => (part.elements ?? []).map((one) => one.text ?? "").join("")).join("\n");

const richText = (element, about) => text(element, { ...about, held: read(about.held), changed: (value, how) => about.changed(value && run(value), how) });

// `toText` and `toState` convert between the state and the value of the browser's own picker.
const picker = (type, toText = (held) => held ?? "", toState = (value) => value) => (element, { id, hooks, held, optional, changed, view }) => {
  const input = el("input", { ...hooks, id, type, "data-action": element.action_id });
  const words = element.placeholder?.text;
  const clear = optional && el("button", {
    type: "button", className: "clear", "aria-label": "Clear", title: "Clear", "aria-describedby": hooks["aria-describedby"],
    onclick: () => { input.value = ""; told(); input.focus(); },
  }, icon("close"));
  const box = el("div", { className: `field picker ${type}` }, input, words && el("span", { className: "instead", "aria-hidden": "true" }, words), clear);
  let before = toText(held, view);
  const look = () => {
    box.classList.toggle("empty", input.value === "");
    if (clear) clear.hidden = input.value === "";
  };
  async function told() {
    look();
    if (input.value === before || (input.value && type !== "time" && input.value < FIRST_YEAR)) return;
    const now = input.value;
    if (await changed(now ? toState(now, view) : null)) before = now;
    else { input.value = before; look(); }
  }
  input.value = before;
  input.addEventListener("change", told);
  look();
  return box;
};

const unixOf = (value, view) => Math.floor(instantOf(value, view.zone));
const wallOf = (held, view) => (held ? wallClock(held, view.zone) : "");

const ticks = (type) => (element, { id, hooks, held, changed, view }) => {
  const many = type === "checkbox";
  let chosen = many ? held ?? [] : [held].filter(Boolean);
  const is = (one) => chosen.some((other) => other.value === one.value);
  const inputs = element.options.map((one, index) => {
    const input = el("input", { type, name: `${id}`, id: `${id}/${index}`, "data-action": element.action_id, "aria-describedby": one.description ? `${id}/${index}/more` : null });
    input.checked = is(one);
    input.addEventListener("change", async () => {
      const before = chosen;
      chosen = many ? element.options.filter((_, at) => inputs[at].checked) : [one];
      if (await changed(many ? chosen : one)) return;
      chosen = before;
      inputs.forEach((other, at) => { other.checked = is(element.options[at]); });
    });
    return input;
  });
  return el("div", { ...hooks, id, className: "ticks", role: many ? "group" : "radiogroup" }, element.options.map((one, index) =>
    el("div", { className: "tick" }, inputs[index],
      el("span", {}, el("label", { for: `${id}/${index}` }, textOf(one.text, view)),
        one.description && el("small", { id: `${id}/${index}/more` }, textOf(one.description, view))))));
};

const MAKE = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: richText,
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: picker("datetime-local", wallOf, unixOf),
  radio_buttons: ticks("radio"),
  checkboxes: ticks("checkbox"),
};

export const isField = (type) => type in MAKE || isSelect(type);
const isGroup = (type) => type === "radio_buttons" || type === "checkboxes";

const idOf = (element, block, view) => [view.key, block.block_id, element.action_id].map(encodeURIComponent).join("/");

// `hooks` are attributes: how it is named and what describes it. In an input block a choice waits for the form to
// be sent, unless the block asks for more; elsewhere it is sent at once.
function control(element, block, view, hooks, optional) {
  const dispatch = block.type !== "input" || block.dispatch_action;
  const hold = (value) => view.form.enter(block.block_id, element.action_id, value);
  async function changed(value, { quiet = false } = {}) {
    if (!dispatch || quiet) {
      hold(value);
      return true;
    }
    if (!(await confirmed(element.confirm, view))) return false;
    hold(value);
    await acting(node, () => view.press(element, value));
    return true;
  }
  const id = idOf(element, block, view);
  const held = view.form.held(block.block_id, element.action_id);
  const focus = element.focus_on_load ? { "data-first": "" } : {};
  const about = { id, hooks: { ...hooks, ...focus }, held, optional, changed, dispatch, view };
  const node = isSelect(element.type) ? select(element, view, about) : MAKE[element.type](element, about);
  return node;
}

const KIND = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", radio_buttons: "Choices", checkboxes: "Choices" };

// Beside text, or in a row of actions, there is no label: the placeholder names it and the text describes it.
export function field(element, block, view) {
  const name = element.placeholder?.text ?? KIND[element.type] ?? "Choose";
  const hooks = { "aria-label": name, "aria-describedby": view.about ?? null };
  return el("div", { className: `aside ${isGroup(element.type) ? "" : "small"}` }, control(element, block, view, hooks, false));
}

export function inputBlock(block, view) {
  const { element } = block;
  if (!isField(element.type)) return null;
  const id = idOf(element, block, view);
  const [label, mark, hint, error] = ["label", "mark", "hint", "error"].map((part) => `${id}/${part}`);
  const group = isGroup(element.type);
  const hooks = {
    "aria-describedby": refs(block.optional && mark, block.hint && hint, error),
    "aria-required": block.optional || element.type === "checkboxes" ? null : "true",
    ...(group ? { "aria-labelledby": label } : {}),
  };
  const words = plain(block.label.text);
  return el("div", { className: "block input" },
    el("div", { className: "label" },
      group ? el("span", { id: label, className: "named" }, words) : el("label", { for: id, className: "named" }, words),
      block.optional && el("span", { id: mark, className: "optional" }, "(optional)")),
    control(element, block, view, hooks, block.optional),
    el("p", { id: error, className: "error", "data-testid": "field-error", hidden: true }),
    block.hint && el("p", { id: hint, className: "hint-words" }, plain(block.hint.text)));
}

// Show at each field what is wrong with it, if anything.
export function showError(node, said) {
  const line = node.querySelector(":scope > .error");
  if (!line) return;
  line.textContent = said ?? "";
  line.hidden = !said;
  const owner = document.getElementById(line.id.replace(/\/error$/, "")) ?? node.querySelector("input, textarea, [role=radiogroup], [role=group]");
  if (said) owner.setAttribute("aria-invalid", "true");
  else owner.removeAttribute("aria-invalid");
}
