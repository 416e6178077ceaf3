// The page of the local workspace: state comes from the server, whole; what did not change is not drawn again.

import { avatar, messageRow } from "./blocks.js";
import { composer, offer } from "./composer.js";
import { $, arrange, ask, el, icon, toast } from "./dom.js";
import { clockOf, dayKey, dayName, say, time } from "./times.js";
import { drawer, traffic } from "./traffic.js";

const TOGETHER = 300; // seconds within which messages of one author stand together
const REASONS = { operation_timeout: "did not answer within 3 seconds", dispatch_failed: "could not be reached, or failed" };

const here = new URLSearchParams(location.hash.slice(1));
let me = here.get("person") ?? "";
let place = here.get("channel") ?? "C0GENERAL";
let state = null;
let stream = null;
let behind = 0; // the workspace's clock less this machine's
let asked = 0;
const seen = new Map();
const rows = new Map();

const person = () => state.people.find((one) => one.id === me);
const current = () => state.channels.find((one) => one.id === place) ?? state.channels[0];
const now = () => Date.now() / 1000 + behind;
const viewOf = (one) => ({ zone: one.tz, clock: clockOf(one), now: now(), people: state.people, channels: state.channels, bot: state.bot });
const city = (tz) => tz.split("/").at(-1).replaceAll("_", " ");

async function refresh() {
  const turn = (asked += 1);
  const answer = await ask(`/sandbox/state?person=${encodeURIComponent(me)}`);
  if (answer.error === "no such person") { me = ""; return refresh(); }
  if (answer.error || turn !== asked) return undefined; // a later question has a fresher answer
  state = answer;
  me = state.me;
  behind = state.now - Date.now() / 1000;
  return draw();
}

function listen() {
  stream?.close();
  stream = new EventSource(`/sandbox/stream?person=${encodeURIComponent(me)}`);
  stream.onmessage = refresh;
  stream.onopen = () => { $("away").hidden = true; refresh(); };
  stream.onerror = () => { $("away").hidden = false; };
}

function draw() {
  // Somebody else's direct messages become one's own.
  if (!state.channels.some((one) => one.id === place)) place = state.channels.find((one) => Boolean(one.person) === place.startsWith("D")).id;
  history.replaceState(null, "", `#${new URLSearchParams({ person: me, channel: place })}`);
  $("team").textContent = state.team;
  drawChannels();
  drawPeople();
  drawPlace();
  drawMessages();
  offer(state.completions);
  traffic(state.traffic, viewOf(person()));
}

function go(channel) {
  place = channel;
  document.body.classList.remove("side-open");
  draw();
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("composer").focus();
}

function drawChannels() {
  let waiting = 0;
  const item = (channel, mark, name, extra = {}) => {
    const last = state.messages[channel.id].at(-1)?.ts ?? "0";
    if (channel.id === place && !document.hidden) seen.set(me + channel.id, last);
    const unread = state.messages[channel.id].filter((one) => Number(one.ts) > Number(seen.get(me + channel.id) ?? 0)).length;
    waiting += unread;
    return el("li", {}, el("button", {
      type: "button", "data-channel": channel.id, "aria-current": channel.id === place ? "page" : null,
      className: unread ? "unread" : "", onclick: () => go(channel.id), ...extra,
    }, mark, el("span", { className: "name" }, name), unread > 0 && el("span", { className: "count", "aria-label": `${unread} unread` }, String(unread))));
  };
  const focused = document.activeElement?.dataset?.channel;
  const hash = () => el("span", { className: "mark", "aria-hidden": "true" }, "#");
  $("channels").replaceChildren(...state.channels.filter((one) => !one.person).map((one) => item(one, hash(), one.name)));
  $("dms").replaceChildren(...state.channels.filter((one) => one.person).map((one) => item(one, el("span", { className: "avatar bot tiny-face", "aria-hidden": "true" }, icon("clock")), state.bot.name, { id: "dm" })));
  if (focused) document.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
  document.title = `${waiting ? `(${waiting}) ` : ""}${current().person ? state.bot.name : `#${current().name}`} · ${state.team}`;
}

function drawPeople() {
  const focused = document.activeElement?.dataset?.person;
  $("people").replaceChildren(...state.people.slice(0, 12).map((one, index) => el("li", {}, el("button", {
    type: "button", "data-person": one.id, "aria-pressed": String(one.id === me), title: `${one.name}, ${one.tz}`, onclick: () => become(one.id),
  }, avatar(one, index, "small"), el("span", { className: "name" }, one.name, el("small", {}, city(one.tz))), el("time", {}, time(now(), viewOf(one)))))));
  $("whoami").replaceChildren(avatar(person(), state.people.indexOf(person()), "small"), el("span", {}, person().name, el("small", {}, `${city(person().tz)}, ${time(now(), viewOf(person()))}`)));
  if (focused) document.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus();
}

async function become(id) {
  me = id;
  rows.clear();
  document.body.classList.remove("side-open");
  await refresh();
  listen();
}

function drawPlace() {
  const channel = current();
  const name = channel.person ? state.bot.name : channel.name;
  $("place").replaceChildren(channel.person ? el("span", { className: "avatar bot small", "aria-hidden": "true" }, icon("clock")) : el("span", { className: "mark" }, "# "), name);
  const placeholder = channel.person ? `Message ${name}, or type /track` : `Message #${name}, or type /track`;
  $("composer").placeholder = placeholder;
  $("composer").setAttribute("aria-label", placeholder);
  $("welcome-who").textContent = `You are ${person().name}, in ${city(person().tz)}.`;
}

function drawMessages() {
  const view = { ...viewOf(person()), press };
  const messages = state.messages[place];
  $("welcome").hidden = messages.length > 0;
  const atEnd = $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 120;
  const nodes = [];
  let day = "";
  messages.forEach((one, index) => {
    const before = messages[index - 1];
    const key = dayKey(one.ts, view);
    const newDay = key !== day;
    if (newDay) {
      nodes.push(kept(`rule ${key} ${view.zone}`, "", () => el("li", { className: "rule", "aria-hidden": "true" })));
      nodes.push(kept(`day ${key} ${view.zone}`, dayName(one.ts, view), () => el("li", { className: "day" }, el("span", {}, dayName(one.ts, view)))));
    }
    day = key;
    const follows = !newDay && before?.user === one.user && !one.ephemeral && !before.ephemeral && Number(one.ts) - Number(before.ts) < TOGETHER;
    const said = { time: time(one.ts, view), full: say(one.ts, view, { dateStyle: "full", timeStyle: "medium" }) };
    nodes.push(kept(`${me} ${one.channel} ${one.ts}`, JSON.stringify([one, follows, key === dayKey(view.now, view)]), () => messageRow(one, view, said, follows)));
  });
  arrange($("messages"), nodes);
  if (atEnd) $("scroll").scrollTop = $("scroll").scrollHeight;
}

// The node of this key as it was, or a new one when what it shows has changed; focus moves over to it.
function kept(key, shows, make) {
  const old = rows.get(key);
  if (old?.shows === shows) return old.node;
  const node = make();
  rows.set(key, { shows, node });
  if (old?.node.contains(document.activeElement)) requestAnimationFrame(() => (node.querySelector("button.act") ?? $("composer")).focus());
  else if (old?.node.querySelector("[aria-busy]")) requestAnimationFrame(() => node.querySelector("button.act")?.focus({ preventScroll: true }));
  return node;
}

async function press(message, block, element) {
  const { channel, ts } = message;
  const answer = await ask("/sandbox/press", { user: me, channel, ts, block_id: block, button: element.action_id });
  if (answer.error) toast(answer.error);
  else if (answer.errors.length) toast(`${state.bot.name} ${REASONS[answer.errors[0]] ?? answer.errors[0]}.`);
  await refresh();
}

async function acted(path, body) {
  const answer = await ask(path, { user: me, channel: place, ...body });
  if (answer.error) toast(answer.error);
  await refresh();
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

composer({ command: (text) => acted("/sandbox/command", { text }), say: (text) => acted("/sandbox/say", { text }) });
drawer(() => state && traffic(state.traffic, viewOf(person())));
$("menu").addEventListener("click", () => document.body.classList.toggle("side-open"));
$("shade").addEventListener("click", () => document.body.classList.remove("side-open"));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") document.body.classList.remove("side-open"); });
document.addEventListener("visibilitychange", () => state && drawChannels());
setInterval(() => state && drawPeople(), 10_000);
await refresh();
listen();
if (matchMedia("(hover: hover)").matches) $("composer").focus();
