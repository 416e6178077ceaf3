// The app has two tabs: its Home, as published for this person, and the messages.

import { $, el } from "./dom.js";
import { makeSurface } from "./surface.js";

const parts = new Map(); // by view id

const TABS = ["home", "messages"];

export function drawTabs(tab, shown) {
  $("tabs").hidden = !shown;
  for (const name of TABS) {
    const button = $(`tab-${name}`);
    button.setAttribute("aria-selected", String(name === tab));
    button.tabIndex = name === tab ? 0 : -1;
  }
  const home = shown && tab === "home";
  $("home").hidden = !home;
  $("conversation").hidden = home;
  if (shown) {
    $("conversation").setAttribute("role", "tabpanel");
    $("conversation").setAttribute("aria-labelledby", "tab-messages");
  } else {
    $("conversation").removeAttribute("role");
    $("conversation").removeAttribute("aria-labelledby");
  }
}

export function drawHome(view, reader, sender) {
  if (!view) {
    $("home-body").replaceChildren(el("div", { className: "home-empty" }, el("h2", {}, "Nothing here yet"), el("p", {}, `${reader.bot.name} has not published its Home.`)));
    return;
  }
  if (!parts.has(view.id)) {
    const node = el("div", { className: "blocks" });
    parts.set(view.id, { node, surface: makeSurface(node, view.id, sender(view.id)) });
  }
  const { node, surface } = parts.get(view.id);
  if (node.parentElement !== $("home-body")) $("home-body").replaceChildren(node);
  surface.draw(view.blocks, view.state.values, {}, reader);
}

export function startTabs(choose) {
  for (const name of TABS) {
    $(`tab-${name}`).addEventListener("click", () => choose(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
      event.preventDefault();
      const other = event.key === "Home" ? TABS[0] : event.key === "End" ? TABS.at(-1) : TABS.find((one) => one !== name);
      $(`tab-${other}`).focus();
      choose(other);
    });
  }
}
