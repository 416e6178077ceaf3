// The question that Slack asks before a press or a choice counts, and the buttons that are disabled until the app has answered.

import { $ } from "./dom.js";
import { textOf } from "./text.js";

// Resolves to whether the person confirmed; Escape is no.
export function confirmed(object, view) {
  if (!object) return Promise.resolve(true);
  const dialog = $("confirm");
  $("confirm-title").textContent = object.title.text;
  $("confirm-text").replaceChildren(...textOf(object.text, view));
  $("confirm-deny").textContent = object.deny.text;
  $("confirm-yes").textContent = object.confirm.text;
  $("confirm-yes").className = `act ${object.style ?? "primary"}`;
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "";
    dialog.showModal();
  });
}

let pressed = null; // where a modal was opened from: focus goes back there

// Until the app has answered no button of the same message or view can be pressed: a double click is one press.
export async function acting(node, run) {
  const focused = node.contains(document.activeElement);
  const all = [...(node.closest("[data-surface]") ?? node.parentElement).querySelectorAll("button.act:enabled")];
  pressed = node;
  for (const one of all) one.disabled = true;
  node.classList.add("pending");
  node.setAttribute("aria-busy", "true");
  try {
    return await run();
  } finally {
    for (const one of all) one.disabled = false;
    node.classList.remove("pending");
    node.removeAttribute("aria-busy");
    if (focused && node.isConnected && document.activeElement === document.body) node.focus();
  }
}

// The button that was pressed last, or the one that is in its place now.
export function lastPressed() {
  if (!pressed || pressed.isConnected) return pressed;
  const { action = "" } = (pressed.dataset.action ? pressed : pressed.querySelector("[data-action]"))?.dataset ?? {};
  return document.querySelector(`.main [data-action="${CSS.escape(action)}"]`);
}
