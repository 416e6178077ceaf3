// Makes nodes. Text always becomes text nodes: nothing on this page parses HTML.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const $ = (id) => document.getElementById(id);
export const el = (tag, properties = {}, ...children) => fill(document.createElement(tag), properties, children);
export const svg = (tag, properties = {}, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

export function icon(name, className = "icon") {
  return svg("svg", { className, "aria-hidden": "true", focusable: "false" }, svg("use", { href: `#i-${name}` }));
}

// Make `parent` contain exactly these nodes with few moves, since focus and screen readers notice them.
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

// Return the answer, or `{error}` with a sentence.
export async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  try {
    const response = await fetch(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : {});
    return await response.json();
  } catch {
    return { error: "The local Slack does not answer." };
  }
}

// The same for a file's bytes.
export async function give(path, file) {
  try {
    const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
    return await response.json();
  } catch {
    return { error: "The local Slack does not answer." };
  }
}

let timer = null;

export function toast(text) {
  if ($("modal").open) { // what is behind a modal is out of reach: it is said there
    $("modal-said").textContent = text;
    $("modal-said").hidden = false;
    return;
  }
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { $("toast").hidden = true; }, 6000);
}
