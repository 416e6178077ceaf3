// A thread: a message and its replies, beside the channel.

import { $ } from "./dom.js";
import { makeLog } from "./log.js";

const log = makeLog($("thread-messages"), $("thread-scroll"));
let shown = "";

export const clearThread = () => log.clear();

// `root` is null when no thread is open, or when its first message is gone.
export function drawThread(root, replies, place, view) {
  $("thread").hidden = !root;
  if (!root) { shown = ""; return; }
  $("thread-place").textContent = place;
  // Here all replies are shown already.
  log.draw([root, ...replies], { ...view, reply: null });
  if (shown === root.ts) return;
  shown = root.ts;
  $("thread-scroll").scrollTop = $("thread-scroll").scrollHeight;
  $("thread-composer").focus();
}

export function startThread({ say, close }) {
  const input = $("thread-composer");
  const look = () => { $("thread-send").disabled = input.value.trim() === ""; };
  input.addEventListener("input", look);
  $("thread-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || !say(text)) return;
    input.value = "";
    look();
  });
  $("thread-close").addEventListener("click", close);
  $("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("thread").querySelector(":popover-open")) close();
  });
  look();
}
