// A menu that is searched by typing: a combobox with a list, for one choice or many. Options are `{text, value}`
// as Block Kit has them; `search` finds them, `choose` gets the choice and returns whether it is accepted.

import { el, icon } from "./dom.js";
import { follow, place } from "./popover.js";
import { plain } from "./text.js";

const words = (option) => option.text.text;

export function combobox({ id, hooks, placeholder, held, multiple = false, most = Infinity, clearable, delay = 0, search, choose }) {
  let chosen = held;
  let found = [];
  let active = -1;
  let typed = null; // null while the text is that of the choice, and not what somebody looks for
  let asked = 0;
  let waiting = null;

  const list = el("ul", { role: "listbox", id: `${id}/list`, "aria-label": "Choices", "aria-multiselectable": multiple ? "true" : null });
  const note = el("p", { className: "pop-note", role: "status", hidden: true });
  const pop = el("div", { className: "pop choices", popover: "manual", onmousedown: (event) => event.preventDefault() }, note, list);
  const input = el("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": `${id}/list`, ...hooks,
  });
  const clear = el("button", {
    type: "button", className: "clear", "aria-label": "Clear", title: "Clear", "aria-describedby": hooks["aria-describedby"] || null, hidden: true,
    onclick: () => { set([]); input.focus(); },
  }, icon("close"));
  const chips = el("span", { className: "chips" });
  const box = el("div", { className: `field combo ${multiple ? "many" : ""}` }, chips, input, clear, icon("down", "icon chevron"), pop);
  const isOpen = () => pop.matches(":popover-open");
  const is = (one) => chosen.some((other) => other.value === one.value);

  function show() {
    input.placeholder = multiple && chosen.length ? "" : placeholder;
    if (typed === null) input.value = multiple ? "" : chosen.map(words).join("");
    clear.hidden = multiple || !clearable || chosen.length === 0;
    chips.replaceChildren(...(multiple ? chosen : []).map((one) => el("span", { className: "chip" }, plain(words(one)),
      el("button", { type: "button", "aria-label": `Remove ${words(one)}`, onclick: () => { set(chosen.filter((other) => other !== one)); input.focus(); } }, icon("close")))));
  }

  async function set(next) {
    const before = chosen;
    chosen = next;
    typed = null;
    show();
    if (await choose(next)) return;
    chosen = before;
    show();
  }

  function pick(one) {
    if (!multiple) {
      shut();
      set([one]);
      return;
    }
    if (is(one)) set(chosen.filter((other) => other.value !== one.value));
    else if (chosen.length < most) set([...chosen, one]);
    ask();
  }

  function move(to) {
    active = to;
    for (const [index, node] of [...list.querySelectorAll("[role=option]")].entries()) node.classList.toggle("active", index === to);
    const node = list.querySelector(".active");
    node?.scrollIntoView({ block: "nearest" });
    if (node) input.setAttribute("aria-activedescendant", node.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function option(one, index) {
    return el("li", { role: "option", id: `${id}/${index}`, "aria-selected": String(is(one)), onclick: () => pick(one), onmousemove: () => { if (active !== index) move(index); } },
      el("span", {}, plain(words(one))), one.description && el("small", {}, plain(one.description.text)), is(one) && icon("check"));
  }

  function fill({ groups = [], said = "" }) {
    found = groups.flatMap((group) => group.options);
    let index = 0;
    list.replaceChildren(...groups.filter((group) => group.options.length).flatMap((group) => {
      const rows = group.options.map((one) => option(one, index++));
      return group.label ? [el("li", { role: "group", "aria-label": group.label }, el("span", { className: "group", "aria-hidden": "true" }, group.label), el("ul", { role: "presentation" }, rows))] : rows;
    }));
    note.textContent = said || (found.length ? "" : "Nothing is called that.");
    note.hidden = !note.textContent;
    list.hidden = found.length === 0;
    move(found.length ? Math.max(found.findIndex(is), 0) : -1);
    place(pop, box, { match: true });
  }

  async function find() {
    const turn = (asked += 1);
    const result = await search(typed ?? "");
    if (turn === asked && isOpen()) fill(result);
  }

  // The results for other letters stay until new ones arrive, so that the list does not flicker.
  function ask(after = 0) {
    clearTimeout(waiting);
    if (!isOpen()) {
      pop.showPopover();
      input.setAttribute("aria-expanded", "true");
      list.hidden = true;
      note.hidden = false;
      note.textContent = "Looking…";
      place(pop, box, { match: true });
      follow(pop, box, { match: true });
    }
    if (after) waiting = setTimeout(find, after);
    else find();
  }

  function shut() {
    clearTimeout(waiting);
    asked += 1;
    if (isOpen()) pop.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    found = [];
    active = -1;
  }

  function leave() {
    shut();
    if (typed === "" && clearable && !multiple && chosen.length) set([]);
    typed = null;
    show();
  }

  const KEYS = {
    ArrowDown: () => (isOpen() ? found.length && move((active + 1) % found.length) : ask()),
    ArrowUp: () => (isOpen() ? found.length && move((active - 1 + found.length) % found.length) : ask()),
    // While new letters are looked up, the list shows older results: nothing can be chosen from it.
    Enter: () => { if (!isOpen()) ask(); else if (found[active]) pick(found[active]); },
  };

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && isOpen()) {
      typed = null;
      shut();
      show();
    } else if (event.key === "Backspace" && multiple && input.value === "" && chosen.length) set(chosen.slice(0, -1));
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("input", () => { typed = input.value; found = []; ask(delay); });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => { if (!isOpen()) ask(); });
  input.addEventListener("blur", leave);
  box.addEventListener("mousedown", (event) => { if (event.target === box || event.target === chips) { event.preventDefault(); input.focus(); } });
  show();
  return box;
}
