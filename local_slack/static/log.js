// Messages in order: those of a channel, or those of a thread. Only what changed is drawn again.

import { drawn, named } from "./blocks.js";
import { $, arrange, el, icon } from "./dom.js";
import { fileCard } from "./files.js";
import { makeForm } from "./form.js";
import { menuButton } from "./menus.js";
import { mrkdwn } from "./text.js";
import { dayKey, dayName, say, time } from "./times.js";

const TOGETHER = 300; // seconds within which messages of one author stand together

export function avatar(person, index, size = "") {
  const initials = person.name.split(" ").map((word) => word[0]).join("").slice(0, 2);
  return el("span", { className: `avatar hue-${Math.max(index, 0) % 6} ${size}`, "aria-hidden": "true" }, initials);
}

function face(user, view, size = "") {
  if (user === view.bot.id) return el("span", { className: `avatar bot ${size}`, "aria-hidden": "true" }, icon("clock"));
  const index = view.people.findIndex((one) => one.id === user);
  return avatar(view.people[index] ?? { name: user }, index, size);
}

function tools(message, view) {
  if (message.ephemeral) return null;
  const shortcuts = view.shortcuts.filter((one) => one.kind === "message");
  const items = () => shortcuts.map((one) => ({ words: one.name, more: view.bot.name, run: () => view.shortcut(message, one) }));
  return el("div", { className: "tools" },
    view.reply && el("button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => view.reply(message) }, icon("reply")),
    shortcuts.length > 0 && menuButton({ label: "Message shortcuts", face: icon("more"), items }));
}

function repliesTo(message, replies, view) {
  if (!replies.length || !view.reply) return null;
  const authors = [...new Set(replies.map((one) => one.user))].slice(0, 3);
  return el("button", { type: "button", className: "replies", onclick: () => view.reply(message) },
    authors.map((one) => face(one, view, "tiny-face")),
    el("b", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
    el("span", {}, `Last at ${time(replies.at(-1).ts, view)}`));
}

// `follows` is a message of the same author shortly after the last: it needs no face and no name again.
function row(message, view, form, key, follows, replies) {
  form.take(message.state);
  const within = (block) => ({
    ...view, key, form,
    press: (element, choice) => view.press(message, block.block_id, element, choice, form.values()),
    options: (element, typed) => view.options(message, block.block_id, element, typed, form.values()),
  });
  const bot = message.user === view.bot.id;
  const name = bot ? view.bot.name : view.people.find((one) => one.id === message.user)?.name ?? message.user;
  const full = say(message.ts, view, { dateStyle: "full", timeStyle: "medium" });
  const when = el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString(), title: full }, time(message.ts, view));
  const edited = message.edited && el("span", { className: "edited" }, "(edited)");
  return el("li", { className: `message ${follows ? "follows" : ""} ${message.ephemeral ? "alone" : ""}`, "data-testid": "message", "data-ts": message.ts },
    follows ? el("span", { className: "gutter" }, when) : face(message.user, view),
    el("div", { className: "body", "data-surface": key },
      message.ephemeral && el("div", { className: "only" }, icon("eye"), "Only visible to you"),
      follows ? el("span", { className: "unseen" }, `${name}: `) : el("div", { className: "meta" }, el("strong", {}, name), bot && el("span", { className: "badge" }, "APP"), when, edited),
      message.blocks.length ? named(message.blocks).map((block) => drawn(block, within(block))) : message.text && el("div", { className: "block text" }, mrkdwn(message.text, view)),
      message.files.map(fileCard),
      follows && edited,
      repliesTo(message, replies, view)),
    tools(message, view));
}

export function makeLog(parent, scroll) {
  const rows = new Map();
  const forms = new Map();

  const formOf = (key) => {
    if (!forms.has(key)) forms.set(key, makeForm());
    return forms.get(key);
  };

  // Return the node of this key, or a new one if its content has changed. Focus that was in the old node, or that its
  // pressed button lost while the app answered, moves to the new one, unless the person is somewhere else by then.
  function kept(key, shows, make) {
    const old = rows.get(key);
    if (old?.shows === shows) return old.node;
    const node = make();
    rows.set(key, { shows, node });
    const active = document.activeElement;
    const action = active?.dataset.action;
    const again = () => (action && node.querySelector(`[data-action="${CSS.escape(action)}"]`)) || node.querySelector("button.act");
    const refocus = (find) => requestAnimationFrame(() => { if (document.activeElement === document.body) find()?.focus({ preventScroll: true }); });
    if (old?.node.contains(active)) refocus(() => again() ?? $("composer"));
    else if (old?.node.querySelector("[aria-busy]")) refocus(again);
    return node;
  }

  return {
    clear: () => rows.clear(),
    // `replies` are those of a message's thread, if they are shown elsewhere.
    draw(messages, view, replies = () => []) {
      const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
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
        const found = replies(one);
        const id = `${parent.id} ${view.me} ${one.channel} ${one.ts}`;
        const shows = JSON.stringify([one, follows, key === dayKey(view.now, view), found.length, found.at(-1)?.ts, view.shortcuts]);
        nodes.push(kept(id, shows, () => row(one, view, formOf(id), id, follows, found)));
      });
      arrange(parent, nodes);
      if (atEnd) scroll.scrollTop = scroll.scrollHeight;
    },
  };
}
