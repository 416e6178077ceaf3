// The page of the local Slack. The server sends its whole state; only what changed is drawn again.

import { attaching, composer, offer } from "./composer.js";
import { $, ask, el, give, icon, toast } from "./dom.js";
import { drawHome, drawTabs, startTabs } from "./home.js";
import { avatar, makeLog } from "./log.js";
import { menuButton } from "./menus.js";
import { drawModals, startModals } from "./modal.js";
import { tick } from "./text.js";
import { clearThread, drawThread, startThread } from "./thread.js";
import { clockOf, time } from "./times.js";
import { drawer, traffic } from "./traffic.js";

const REASONS = {
  operation_timeout: "did not answer within 3 seconds",
  dispatch_failed: "could not be reached, or failed",
  invalid_arguments: "answered with something that Slack does not take",
};

const here = new URLSearchParams(location.hash.slice(1));
let me = here.get("person") ?? "";
let place = here.get("channel") ?? "C0GENERAL";
let tab = here.get("tab") ?? "messages";
let thread = here.get("thread") ?? "";
let state = null;
let stream = null;
let behind = 0; // the workspace's clock less this machine's
let asked = 0;
let latest = null;
const seen = new Map();
const log = makeLog($("messages"), $("scroll"));

const person = () => state.people.find((one) => one.id === me);
const current = () => state.channels.find((one) => one.id === place) ?? state.channels[0];
const now = () => Date.now() / 1000 + behind;
const viewOf = (one) => ({ me, zone: one.tz, clock: clockOf(one), now: now(), people: state.people, channels: state.channels, bot: state.bot, shortcuts: state.shortcuts });
const city = (tz) => tz.split("/").at(-1).replaceAll("_", " ");
const atHome = () => Boolean(current().person) && tab === "home";

async function fetched() {
  const turn = (asked += 1);
  const answer = await ask(`/local-slack/state?person=${encodeURIComponent(me)}`);
  if (answer.error === "no such person") { me = ""; return refresh(); }
  if (turn !== asked) return latest; // a later question has a fresher answer
  if (answer.error) return undefined;
  state = answer;
  me = state.me;
  behind = state.now - Date.now() / 1000;
  return draw();
}

// Resolves when the newest state is drawn, whoever asked for it.
function refresh() {
  latest = fetched();
  return latest;
}

function listen() {
  stream?.close();
  stream = new EventSource(`/local-slack/stream?person=${encodeURIComponent(me)}`);
  stream.onmessage = refresh;
  stream.onopen = () => { $("away").hidden = true; refresh(); };
  stream.onerror = () => { $("away").hidden = false; };
}

function draw() {
  // The channel of another person's direct messages becomes one's own.
  if (!state.channels.some((one) => one.id === place)) place = state.channels.find((one) => Boolean(one.person) === place.startsWith("D")).id;
  if (!state.messages[place].some((one) => one.ts === thread) || atHome()) thread = "";
  history.replaceState(null, "", `#${new URLSearchParams({ person: me, channel: place, ...(atHome() ? { tab } : {}), ...(thread ? { thread } : {}) })}`);
  $("team").textContent = state.team;
  drawChannels();
  drawPeople();
  drawPlace();
  drawMessages();
  drawTabs(tab, Boolean(current().person));
  if (atHome()) drawHome(state.home, viewOf(person()), inView);
  drawModals(state.modals, viewOf(person()), inView);
  offer(state.completions);
  traffic(state.traffic, viewOf(person()));
}

function go(channel) {
  place = channel;
  tab = "messages";
  document.body.classList.remove("side-open");
  draw();
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("composer").focus();
}

async function choose(name) {
  tab = name;
  draw();
  if (name === "home") await openHome();
}

async function openHome() {
  const answer = await ask("/local-slack/home", { user: me });
  if (answer.error) toast(answer.error);
  await refresh();
}

function drawChannels() {
  let waiting = 0;
  const item = (channel, mark, name, extra = {}) => {
    const last = state.messages[channel.id].at(-1)?.ts ?? "0";
    if (channel.id === place && !document.hidden && !atHome()) seen.set(me + channel.id, last);
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
  log.clear();
  clearThread();
  document.body.classList.remove("side-open");
  await refresh();
  listen();
  if (atHome()) await openHome();
}

function drawPlace() {
  const channel = current();
  const name = channel.person ? state.bot.name : channel.name;
  $("place").replaceChildren(channel.person ? el("span", { className: "avatar bot small", "aria-hidden": "true" }, icon("clock")) : el("span", { className: "mark" }, "# "), el("span", { className: "name" }, name));
  const placeholder = channel.person ? `Message ${name}, or type /track` : `Message #${name}, or type /track`;
  $("composer").placeholder = placeholder;
  $("composer").setAttribute("aria-label", placeholder);
  $("welcome-who").textContent = `You are ${person().name}, in ${city(person().tz)}.`;
  $("shortcuts").hidden = !state.shortcuts.some((one) => one.kind === "global");
}

function drawMessages() {
  const messages = state.messages[place];
  const known = new Set(messages.map((one) => one.ts));
  const inThread = (one) => one.thread && one.thread !== one.ts && known.has(one.thread);
  const replies = (root) => messages.filter((one) => one !== root && one.thread === root.ts);
  const view = { ...viewOf(person()), press, options, reply: openThread, shortcut };
  $("welcome").hidden = messages.length > 0;
  log.draw(messages.filter((one) => !inThread(one)), view, replies);
  const root = messages.find((one) => one.ts === thread);
  drawThread(root, root ? replies(root) : [], current().person ? state.bot.name : `#${current().name}`, view);
}

function openThread(message) {
  thread = message.ts;
  if (!$("traffic").hidden) $("traffic-close").click();
  draw();
}

function closeThread() {
  const root = document.querySelector(`#messages [data-ts="${CSS.escape(thread)}"]`);
  thread = "";
  draw();
  (root?.querySelector("button.replies, .tools button") ?? $("composer")).focus();
}

// Return what went wrong with a request to the app, as a sentence, or nothing.
const wordsOf = (errors) => (errors.length ? `${state.bot.name} ${REASONS[errors[0]] ?? errors[0]}.` : "");

async function told(path, body) {
  const answer = await ask(path, { user: me, ...body });
  const wrong = answer.error ?? wordsOf(answer.errors);
  await refresh();
  if (wrong) toast(wrong);
}

const pressed = (where, block, element, choice, fields) => told("/local-slack/press", { ...where, block_id: block, button: element.action_id, choice, state: fields });
const offered = (where, block, element, typed, fields) => ask("/local-slack/options", { user: me, ...where, block_id: block, name: element.action_id, value: typed, state: fields });

const about = ({ channel, ts }) => ({ channel, ts });
const press = (message, ...more) => pressed(about(message), ...more);
const options = (message, ...more) => offered(about(message), ...more);
const inView = (view) => ({ press: (...more) => pressed({ view }, ...more), options: (...more) => offered({ view }, ...more) });
const shortcut = (message, one) => told("/local-slack/shortcut", { ...about(message), callback_id: one.callback_id });

async function acted(path, body) {
  const answer = await ask(path, { user: me, channel: place, ...body });
  if (answer.error) toast(answer.error);
  await refresh();
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

async function drop(file) {
  const query = new URLSearchParams({ user: me, channel: place, name: file.name });
  const answer = await give(`/local-slack/drop?${query}`, file);
  await refresh();
  const wrong = answer.error ?? wordsOf(answer.errors);
  if (wrong) toast(wrong);
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

function sayInThread(text) {
  if (text.startsWith("/")) {
    toast("Slack takes no commands in threads. Use a shortcut on the message instead.");
    return false;
  }
  ask("/local-slack/say", { user: me, channel: place, thread, text }).then((answer) => {
    if (answer.error) toast(answer.error);
    $("thread-scroll").scrollTop = $("thread-scroll").scrollHeight;
    return refresh();
  });
  return true;
}

composer({ command: (text) => acted("/local-slack/command", { text }), say: (text) => acted("/local-slack/say", { text }) });
attaching(drop);
drawer(() => {
  if (!state) return;
  if (!$("traffic").hidden && thread) { thread = ""; draw(); } // one thing at a time beside the messages
  traffic(state.traffic, viewOf(person()));
});
startTabs(choose);
startThread({ say: sayInThread, close: closeThread });
startModals(refresh, wordsOf);
$("shortcuts").append(menuButton({
  label: "Shortcuts", face: icon("bolt"), align: "start",
  items: () => state.shortcuts.filter((one) => one.kind === "global").map((one) => ({
    words: one.name, more: state.bot.name, run: () => told("/local-slack/shortcut", { callback_id: one.callback_id }),
  })),
}));
$("menu").addEventListener("click", () => document.body.classList.toggle("side-open"));
$("shade").addEventListener("click", () => document.body.classList.remove("side-open"));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") document.body.classList.remove("side-open"); });
document.addEventListener("visibilitychange", () => state && drawChannels());
setInterval(() => state && drawPeople(), 10_000);
setInterval(() => state && tick(viewOf(person())), 30_000);
await refresh();
listen();
if (atHome()) await openHome();
else if (matchMedia("(hover: hover)").matches && !$("modal").open) $("composer").focus();
