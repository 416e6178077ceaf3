// The drawer "What was sent": requests to the app and calls of the Web API, newest first.

import { $, arrange, el, icon } from "./dom.js";
import { say } from "./times.js";

const WHAT = { slash_commands: "Slash command", block_actions: "Button or menu", view_submission: "Form sent", view_closed: "Form closed", block_suggestion: "Menu asked", shortcut: "Shortcut", message_action: "Message shortcut", event_callback: "Event", url_verification: "Address check" };
const rows = new Map();
let only = "all";

function json(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b/g)) {
    nodes.push(text.slice(at, found.index));
    const kind = found[2] ? "key" : found[1] ? "string" : "literal";
    nodes.push(el("span", { className: kind }, found[1] ?? found[0]), found[2] ?? "");
    at = found.index + found[0].length;
  }
  return el("pre", { className: "json" }, nodes, text.slice(at));
}

function pretty(answer) {
  try {
    return JSON.stringify(JSON.parse(answer), null, 2);
  } catch {
    return answer;
  }
}

// Calls have ids of channels and people; the page shows names.
function about(one, view) {
  const place = view.channels.find((channel) => channel.id === one.about);
  const person = view.people.find((other) => other.id === (place?.person ?? one.about));
  return person ? person.name : place ? `#${place.name}` : one.about;
}

function row(one, view) {
  const toApp = one.to === "app";
  return el("li", { "data-to": one.to }, el("details", {},
    el("summary", {},
      el("span", { className: `way ${one.to}`, title: toApp ? "From Slack to the app" : "From the app to Slack" }, icon(toApp ? "out" : "in"), el("span", { className: "unseen" }, toApp ? "To the app: " : "To Slack: ")),
      el("span", { className: "what" }, el("b", {}, WHAT[one.what] ?? one.what), one.about && el("small", {}, toApp ? one.about : about(one, view))),
      el("span", { className: "result" }, el("span", { className: `pill ${one.good ? "good" : "bad"}` }, one.outcome),
        el("small", {}, toApp ? `${one.milliseconds} ms` : say(one.at, view, { timeStyle: "medium" })))),
    el("p", {}, toApp ? `Sent to the app at ${say(one.at, view, { timeStyle: "medium" })}` : "Arguments"), json(one.sent),
    toApp && one.answer && [el("p", {}, "Answered"), json(pretty(one.answer))]));
}

export function traffic(entries, view) {
  $("traffic-count").textContent = entries.length ? String(entries.length) : "";
  if ($("traffic").hidden) return;
  const shown = entries.filter((one) => only === "all" || one.to === only);
  const keys = shown.map((one) => `${one.at} ${one.to} ${one.what} ${one.milliseconds ?? ""} ${view.zone}`);
  for (const key of rows.keys()) if (!keys.includes(key)) rows.delete(key);
  // Rows that exist stay, so that what was expanded stays expanded.
  arrange($("traffic-list"), shown.map((one, index) => {
    if (!rows.has(keys[index])) rows.set(keys[index], row(one, view));
    return rows.get(keys[index]);
  }));
  $("traffic-empty").hidden = shown.length > 0;
}

export function drawer(redraw) {
  const toggle = (open) => {
    $("traffic").hidden = !open;
    $("traffic-toggle").setAttribute("aria-expanded", String(open));
    redraw();
    (open ? $("traffic-close") : $("traffic-toggle")).focus();
  };
  $("traffic-toggle").addEventListener("click", () => toggle($("traffic").hidden));
  $("traffic-close").addEventListener("click", () => toggle(false));
  $("traffic").addEventListener("keydown", (event) => { if (event.key === "Escape") toggle(false); });
  for (const one of document.querySelectorAll("[data-only]")) {
    one.addEventListener("click", () => {
      only = one.dataset.only;
      for (const other of document.querySelectorAll("[data-only]")) other.setAttribute("aria-pressed", String(other === one));
      redraw();
    });
  }
}
