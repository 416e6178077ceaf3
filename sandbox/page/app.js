// The page of the local workspace: state comes from the server, whole, and is drawn again when it changes.

import { el, message as drawn } from "./blocks.js";

const $ = (id) => document.getElementById(id);
const here = new URLSearchParams(location.hash.slice(1));
let me = here.get("person") ?? "U0ADA";
let place = here.get("channel") ?? "C0GENERAL";
let state = null;
let stream = null;
let chosen = -1;
const seen = new Map();
const typed = [];

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return response.json();
}

async function refresh() {
  const response = await fetch(`/sandbox/state?person=${encodeURIComponent(me)}`);
  if (!response.ok) return;
  state = await response.json();
  draw();
}

function listen() {
  stream?.close();
  stream = new EventSource(`/sandbox/stream?person=${encodeURIComponent(me)}`);
  stream.onmessage = refresh;
  stream.onopen = refresh;
}

const person = (id) => state.people.find((one) => one.id === id);
const zone = () => person(me).tz;
const say = (ts, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...options }).format(new Date(Number(ts) * 1000));
const initials = (name) => name.split(" ").map((word) => word[0]).join("").slice(0, 2);
const dm = () => state.channels.find((one) => one.person === me).id;
const current = () => state.channels.find((one) => one.id === place) ?? state.channels[0];

function avatar(id, small = false) {
  if (id === state.bot.id) return el("span", { class: `avatar hue-bot ${small ? "small" : ""}`, "aria-hidden": "true" }, "◷");
  const index = state.people.findIndex((one) => one.id === id);
  return el("span", { class: `avatar hue-${index % 4} ${small ? "small" : ""}`, "aria-hidden": "true" }, initials(person(id).name));
}

function draw() {
  if (!state.channels.some((one) => one.id === place)) place = dm();
  location.hash = new URLSearchParams({ person: me, channel: place }).toString();
  $("team").textContent = state.team;
  drawSide();
  drawMessages();
  drawTraffic();
}

function drawSide() {
  const item = (channel, mark, name, extra = {}) => {
    const messages = state.messages[channel.id];
    const last = messages.at(-1)?.ts ?? "0";
    if (channel.id === place) seen.set(me + channel.id, last);
    const unread = last > (seen.get(me + channel.id) ?? "0");
    return el("li", {}, el("button", {
      type: "button", "data-channel": channel.id, "aria-current": channel.id === place ? "true" : null,
      class: unread ? "unread" : "", onclick: () => { place = channel.id; draw(); $("composer").focus(); }, ...extra,
    }, el("span", { class: "mark", "aria-hidden": "true" }, mark), name));
  };
  $("channels").replaceChildren(...state.channels.filter((one) => !one.person).map((one) => item(one, "#", one.name)));
  $("dms").replaceChildren(...state.channels.filter((one) => one.person).map((one) => item(one, "◷", state.bot.name, { id: "dm" })));
  $("people").replaceChildren(...state.people.slice(0, 3).map((one) => {
    const now = new Intl.DateTimeFormat("en-GB", { timeZone: one.tz, hour: "2-digit", minute: "2-digit" }).format(new Date());
    return el("li", {}, el("button", {
      type: "button", "data-person": one.id, "aria-pressed": String(one.id === me),
      onclick: () => { const wasDm = current().person; me = one.id; if (wasDm) place = `D${me.slice(1)}`; listen(); refresh(); },
    }, avatar(one.id, true), el("span", { class: "who" }, one.name, el("small", {}, `${one.tz.split("/").at(-1).replace("_", " ")} ${now}`))));
  }));
}

function drawMessages() {
  const channel = current();
  const messages = state.messages[channel.id];
  $("place").textContent = channel.person ? state.bot.name : `# ${channel.name}`;
  $("composer").placeholder = channel.person ? `Message ${state.bot.name} – try /track` : `Message #${channel.name} – try /track`;
  $("composer").setAttribute("aria-label", $("composer").placeholder);
  $("welcome").hidden = messages.length > 0;
  let day = "";
  const rows = [];
  for (const one of messages) {
    const its = say(one.ts, { weekday: "long", day: "numeric", month: "long" });
    if (its !== day) rows.push(el("li", { class: "day" }, el("span", {}, its)));
    day = its;
    rows.push(row(one));
  }
  const atEnd = $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 160;
  $("messages").replaceChildren(...rows);
  if (atEnd) $("scroll").scrollTop = $("scroll").scrollHeight;
}

function row(one) {
  const bot = one.author === state.bot.id;
  const view = {
    zone: zone(), people: state.people,
    press: async (element) => { await post("/sandbox/press", { user: me, channel: one.channel, ts: one.ts, button: element.text.text }); await refresh(); },
  };
  return el("li", { class: "message", "data-testid": "message", "data-ts": one.ts }, avatar(one.author),
    el("div", { class: "body" },
      one.ephemeral ? el("div", { class: "only" }, "Only visible to you") : null,
      el("div", { class: "meta" }, el("strong", {}, bot ? state.bot.name : person(one.author).name),
        bot ? el("span", { class: "badge" }, "APP") : null,
        el("time", {}, say(one.ts, { hour: "2-digit", minute: "2-digit" })), one.edited ? el("span", { class: "edited" }, "(edited)") : null),
      ...drawn(one, view)));
}

function drawTraffic() {
  if ($("traffic").hidden) return;
  const open = new Set([...document.querySelectorAll("#traffic-list details[open]")].map((one) => one.dataset.key));
  $("traffic-list").replaceChildren(...state.traffic.map((one) => {
    const key = `${one.at} ${one.what}`;
    return el("li", {}, el("details", { "data-key": key, open: open.has(key) },
      el("summary", {}, el("span", { class: `tag ${one.to}` }, one.to === "app" ? "to app" : "to Slack"), el("b", {}, one.what.replaceAll("_", " ")), el("em", {}, one.outcome)),
      el("pre", {}, JSON.stringify(one.detail, null, 2))));
  }));
}

function matching(text) {
  if (!text.startsWith("/")) return [];
  const rest = text.replace(/^\/track ?/, "");
  if (!"/track".startsWith(text) && !text.startsWith("/track ")) return [];
  return state.completions.filter((one) => one.usage.split(" ")[0].startsWith(rest.split(" ")[0]) && (rest.split(" ").length < 2 || rest.startsWith(one.usage.split(" ")[0])));
}

function suggest() {
  const found = matching($("composer").value);
  if (chosen >= found.length) chosen = found.length - 1;
  $("suggestions").hidden = found.length === 0;
  $("composer").setAttribute("aria-expanded", String(found.length > 0));
  $("suggestions").replaceChildren(...found.map((one, index) => el("li", {
    role: "option", id: `suggestion-${index}`, "aria-selected": String(index === chosen),
    onmousedown: (event) => { event.preventDefault(); complete(one); },
  }, el("code", {}, `/track ${one.usage}`), el("span", {}, one.about))));
  if (chosen >= 0) $("composer").setAttribute("aria-activedescendant", `suggestion-${chosen}`);
  else $("composer").removeAttribute("aria-activedescendant");
  return found;
}

function complete(one) {
  $("composer").value = `/track ${one.usage.split(" ")[0]} `;
  chosen = -1;
  suggest();
  $("composer").focus();
}

async function send(text) {
  if (!text.trim()) return;
  typed.push(text);
  $("composer").value = "";
  chosen = -1;
  suggest();
  $("suggestions").hidden = true;
  const rest = text.startsWith("/track") ? text.slice(6).trim() : text;
  await post("/sandbox/command", { user: me, text: rest, channel: current().id });
  await refresh();
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

$("composer").addEventListener("input", () => { chosen = -1; suggest(); });
$("composer").addEventListener("blur", () => { $("suggestions").hidden = true; });
$("composer").addEventListener("keydown", (event) => {
  const found = matching($("composer").value);
  const open = !$("suggestions").hidden && found.length > 0;
  if (event.key === "ArrowUp" && !$("composer").value && typed.length) { $("composer").value = typed.at(-1); event.preventDefault(); }
  else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    event.preventDefault();
    suggest();
  } else if (open && event.key === "Tab") { complete(found[Math.max(chosen, 0)]); event.preventDefault(); }
  else if (open && event.key === "Enter" && chosen >= 0) { complete(found[chosen]); event.preventDefault(); }
  else if (event.key === "Escape") $("suggestions").hidden = true;
});
$("form").addEventListener("submit", (event) => { event.preventDefault(); send($("composer").value); });
for (const one of document.querySelectorAll("[data-example]")) one.addEventListener("click", () => send(one.dataset.example));
const toggle = () => {
  $("traffic").hidden = !$("traffic").hidden;
  $("traffic-toggle").setAttribute("aria-expanded", String(!$("traffic").hidden));
  drawTraffic();
};
$("traffic-toggle").addEventListener("click", toggle);
$("traffic-close").addEventListener("click", toggle);
setInterval(() => state && drawSide(), 30_000);
listen();
$("composer").focus();
