// Buttons that open a menu: overflow menus, shortcuts on a message, shortcuts everywhere.

import { acting, confirmed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { follow, place } from "./popover.js";
import { plain } from "./text.js";

const MOVES = {
  ArrowDown: (at, last) => (at >= last ? 0 : at + 1),
  ArrowUp: (at, last) => (at <= 0 ? last : at - 1),
  Home: () => 0,
  End: (_at, last) => last,
};

function onKey(event) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const move = MOVES[event.key];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (!move) return;
  event.preventDefault();
  items[move(items.indexOf(document.activeElement), items.length - 1)].focus();
}

function item(one, list) {
  const choose = () => { list.hidePopover(); one.run(); };
  return el("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: choose },
    el("span", {}, one.words), one.more && el("small", {}, one.more));
}

// `items` is asked each time the menu opens: `[{words, more, run}]`.
export function menuButton({ label, face, className = "", align = "end", items, ...hooks }) {
  const list = el("div", { className: "pop menu", popover: "auto", role: "menu", "aria-label": label, onkeydown: onKey });
  const trigger = el("button", {
    type: "button", className: `menu-button ${className}`, "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false", ...hooks,
  }, face);
  // This relation keeps a press on the button from closing the menu just before it is toggled. It is toggled here
  // rather than by the browser, so that the next key already goes to the first item.
  trigger.popoverTargetElement = list;
  const open = () => {
    list.replaceChildren(...items().map((one) => item(one, list)));
    list.showPopover();
    place(list, trigger, { align });
    follow(list, trigger, { align });
    list.querySelector("[role=menuitem]")?.focus();
  };
  const isOpen = () => list.matches(":popover-open");
  trigger.addEventListener("click", (event) => {
    event.preventDefault();
    if (isOpen()) list.hidePopover();
    else open();
  });
  trigger.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || isOpen()) return;
    event.preventDefault();
    open();
  });
  list.addEventListener("beforetoggle", (event) => trigger.setAttribute("aria-expanded", String(event.newState === "open")));
  return el("span", { className: "menu-box" }, trigger, list);
}

export function overflow(element, block, view) {
  const choose = async (option) => {
    if (!(await confirmed(element.confirm, view))) return;
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    await acting(box.firstElementChild, () => view.press(element, option));
  };
  const items = () => element.options.map((one) => ({
    words: plain(one.text.text), more: one.description && plain(one.description.text), run: () => choose(one),
  }));
  const box = menuButton({
    label: "More actions", face: icon("more"), className: "act overflow", items, "data-action": element.action_id,
    "aria-describedby": view.about,
  });
  return box;
}
