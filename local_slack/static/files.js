// A file in a message: its name, what it is, how large, and a way to save it.

import { el, icon } from "./dom.js";

const UNITS = ["bytes", "KB", "MB"];

function size(bytes) {
  let amount = bytes, unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) { amount /= 1000; unit += 1; }
  return `${unit ? amount.toFixed(1) : amount} ${UNITS[unit]}`;
}

export const fileCard = (file) =>
  el("a", { className: "file", "data-testid": "file", href: `/local-slack/file/${file.id}`, download: file.name, title: `Download ${file.name}` },
    icon("file"),
    el("span", { className: "file-words" }, el("strong", {}, file.title), el("small", {}, `${file.name} · ${file.pretty_type} · ${size(file.size)}`)),
    icon("save"));
