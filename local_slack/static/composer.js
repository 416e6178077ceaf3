// The field in which a person types. Commands are completed from the table of the app's own help.

import { $, el, toast } from "./dom.js";

const COMMAND = "/track";
const typed = [];
let completions = [];
let chosen = -1;
let closed = false;
let recalled = 0;

const input = $("composer");
const list = $("suggestions");
const words = () => input.value.replace(/^\/track ?/, "").split(" ");
const first = (one) => one.usage.split(" ")[0];
const isCommand = () => input.value === COMMAND || input.value.startsWith(`${COMMAND} `);

// Offered while the first word after the command is being typed.
function matching() {
  const text = input.value;
  if (!text.startsWith("/")) return [];
  if (text.length <= COMMAND.length) return COMMAND.startsWith(text) ? completions : [];
  return isCommand() && words().length === 1 ? completions.filter((one) => first(one).startsWith(words()[0].toLowerCase())) : [];
}

function usage(one, quiet) {
  const [head, ...rest] = one.usage.split(" ");
  return el("code", {}, quiet ? `${COMMAND} ` : el("i", {}, `${COMMAND} `), head, rest.length > 0 && el("i", {}, ` ${rest.join(" ")}`));
}

function hint() {
  const known = isCommand() && words().length > 1 && completions.find((one) => first(one) === words()[0].toLowerCase());
  $("hint").replaceChildren(...(known
    ? [usage(known, true), ` ${known.about}`]
    : [el("span", { className: "keys" }, el("kbd", {}, "Tab"), " completes ", el("kbd", {}, "Enter"), " sends ", el("kbd", {}, "↑"), " brings back what you typed")]));
}

function draw() {
  const found = closed ? [] : matching();
  chosen = Math.min(chosen, found.length - 1);
  $("suggest").hidden = found.length === 0;
  input.setAttribute("aria-expanded", String(found.length > 0));
  list.replaceChildren(...found.map((one, index) => el("li", {
    role: "option", id: `suggestion-${index}`, "aria-selected": String(index === chosen),
    onmousedown: (event) => event.preventDefault(), onclick: () => complete(one),
  }, usage(one), el("span", {}, one.about))));
  if (chosen >= 0) input.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
  else input.removeAttribute("aria-activedescendant");
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  $("send").disabled = input.value.trim() === "";
  hint();
  return found;
}

function put(text) {
  input.value = text;
  chosen = -1;
  draw();
}

function complete(one) {
  put(`${COMMAND} ${first(one)} `);
  input.focus();
}

function recall(step) {
  recalled = Math.min(Math.max(recalled + step, 0), typed.length);
  closed = true;
  put(typed[recalled] ?? "");
}

function onKey(event) {
  if (event.isComposing || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  const found = closed ? [] : matching();
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move && found.length) chosen = chosen < 0 && move < 0 ? found.length - 1 : (chosen + move + found.length) % found.length;
  else if (move && typed.length && (input.value === "" || input.value === typed[recalled])) recall(move);
  else if (event.key === "Tab" && found.length) complete(found[Math.max(chosen, 0)]);
  else if (event.key === "Enter" && chosen >= 0 && found.length) complete(found[chosen]);
  else if (event.key === "Escape" && found.length) closed = true;
  else return;
  event.preventDefault();
  draw();
}

// `act` gets what was typed: a command's text after /track, or a message.
export function composer(act) {
  const send = async (text) => {
    const whole = text.trim();
    if (!whole) return;
    const command = whole.split(/\s/)[0];
    if (command.startsWith("/") && command !== COMMAND) {
      toast(`${command} is not a command here. Try ${COMMAND} help.`);
      return;
    }
    typed.push(whole);
    recalled = typed.length;
    put("");
    if (command === COMMAND) await act.command(whole.slice(COMMAND.length).trim());
    else await act.say(whole);
  };
  input.addEventListener("input", () => { closed = false; chosen = -1; draw(); });
  input.addEventListener("focus", () => draw());
  input.addEventListener("blur", () => { $("suggest").hidden = true; });
  input.addEventListener("keydown", onKey);
  $("form").addEventListener("submit", (event) => { event.preventDefault(); send(input.value); });
  for (const one of document.querySelectorAll("[data-example]")) one.addEventListener("click", () => { input.focus(); send(one.dataset.example); });
  draw();
}

export function offer(found) {
  if (JSON.stringify(found) === JSON.stringify(completions)) return;
  completions = found;
  if (document.activeElement === input) draw();
}

// `drop` gets a file that was chosen, or dropped on the messages.
export function attaching(drop) {
  $("attach").addEventListener("click", () => $("attached").click());
  $("attached").addEventListener("change", async () => {
    const [file] = $("attached").files;
    if (file) await drop(file);
    $("attached").value = ""; // the same file can be chosen again
    input.focus();
  });
  const over = $("conversation");
  over.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  over.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    drop(file);
  });
}
