// The modal in front: the top of a stack of up to three. Those below keep what was entered in them.

import { acting, lastPressed } from "./confirm.js";
import { $, ask, el } from "./dom.js";
import { makeSurface } from "./surface.js";
import { plain } from "./text.js";

const dialog = $("modal");
const opened = new Map(); // by view id: its part of the page, and where the focus was in it
let top = null;
let after = () => {};
let said = () => "";

const FIELDS = "input, textarea, select, [role=combobox]";
const firstOf = (part) => part.querySelector("[data-first]") ?? part.querySelector(`.input :is(${FIELDS})`) ?? part.querySelector(FIELDS) ?? $("modal-form").querySelector("footer .primary") ?? $("modal-title");

function say(text) {
  $("modal-said").textContent = text;
  $("modal-said").hidden = !text;
}

function part(view, send) {
  if (!opened.has(view.id)) {
    const node = el("div", { className: "modal-part" });
    opened.set(view.id, { node, surface: makeSurface(node, view.id, send), focus: null });
  }
  return opened.get(view.id);
}

function leave() {
  const one = top && opened.get(top.id);
  if (one) one.focus = dialog.contains(document.activeElement) ? document.activeElement : null;
}

function shut() {
  top = null;
  opened.clear();
  if (dialog.open) dialog.close();
  $("modal-body").replaceChildren();
  if (document.activeElement === document.body || !document.activeElement?.isConnected) (lastPressed() ?? $("composer")).focus({ preventScroll: true });
}

// `sender` makes the function that sends presses in the view of that id.
export function drawModals(stack, reader, sender) {
  for (const id of opened.keys()) if (!stack.some((one) => one.id === id)) opened.delete(id);
  const view = stack.at(-1);
  if (!view) {
    if (top) shut();
    return;
  }
  const other = top?.id !== view.id;
  if (other) { leave(); say(""); }
  top = view;
  const { node, surface, focus } = part(view, sender(view.id));
  $("modal-title").replaceChildren(...plain(view.title.text));
  $("modal-back").hidden = stack.length < 2;
  $("modal-submit").hidden = !view.submit;
  $("modal-submit").firstElementChild.replaceChildren(...plain(view.submit?.text ?? ""));
  $("modal-close").replaceChildren(...plain(view.close?.text ?? (view.submit ? "Cancel" : "Close")));
  if (!dialog.open) dialog.showModal();
  if (node.parentElement !== $("modal-body")) $("modal-body").replaceChildren(node);
  surface.draw(view.blocks, view.state.values, view.errors, reader);
  if (!other) return;
  $("modal-body").scrollTop = 0;
  (focus?.isConnected ? focus : firstOf(node)).focus();
}

async function submit() {
  if (!top?.submit || $("modal-submit").disabled) return;
  const view = top;
  say("");
  const answer = await acting($("modal-submit"), async () => {
    const given = await ask("/local-slack/submit", { view: view.id, state: opened.get(view.id).surface.form.values() });
    await after();
    return given;
  });
  const wrong = answer.error ?? (answer.errors[0] === "incomplete" ? "" : said(answer.errors));
  if (wrong && dialog.open) say(wrong);
  const field = top?.id === view.id && $("modal-body").querySelector("[aria-invalid=true]");
  if (field) (field.matches(FIELDS) ? field : field.querySelector(FIELDS) ?? field).focus();
}

async function close(all) {
  if (!top) return;
  const answer = await ask("/local-slack/close", { view: top.id, all });
  if (answer.error) say(answer.error);
  await after();
}

// `refresh` draws the new state after a request; `words` returns what went wrong with an answer.
export function startModals(refresh, words) {
  after = refresh;
  said = words;
  $("modal-form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("modal-close").addEventListener("click", () => close(false));
  $("modal-back").addEventListener("click", () => close(false));
  $("modal-dismiss").addEventListener("click", () => close(true));
  dialog.addEventListener("cancel", (event) => { if (event.target === dialog) event.preventDefault(); });
  // Escape closes an open menu first, then the view in front.
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing || dialog.querySelector(":popover-open")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
    else if (event.key === "Escape") close(false);
    else return;
    event.preventDefault();
  });
}
