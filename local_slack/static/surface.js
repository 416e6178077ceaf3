// The blocks of a modal or Home. A block that did not change keeps its node, with what was entered in it.

import { drawn, named } from "./blocks.js";
import { arrange } from "./dom.js";
import { showError } from "./fields.js";
import { makeForm } from "./form.js";

// `send` sends a press, or the letters typed in an external menu.
export function makeSurface(parent, key, send) {
  const form = makeForm();
  const nodes = new Map();

  function within(block, reader) {
    const press = (element, choice) => send.press(block.block_id, element, choice, form.values());
    const options = (element, typed) => send.options(block.block_id, element, typed, form.values());
    return { ...reader, key, form, press, options };
  }

  // Where the focus was, to restore it after drawing.
  function focused() {
    const node = document.activeElement;
    return parent.contains(node) ? { node, id: node.id, action: node.dataset.action } : null;
  }

  function refocus(before) {
    if (!before || before.node.isConnected) return;
    const again = (before.id && document.getElementById(before.id)) || parent.querySelector(`[data-action="${CSS.escape(before.action ?? "")}"]`);
    (again ?? parent.closest("dialog, [tabindex]"))?.focus({ preventScroll: true });
  }

  return {
    form,
    draw(blocks, values, errors, reader) {
      const changed = form.take(values);
      const before = focused();
      const shown = named(blocks).map((block) => {
        const shows = JSON.stringify([block, reader.zone, reader.clock]);
        const old = nodes.get(block.block_id);
        if (old?.shows === shows && !changed.has(block.block_id)) return old.node;
        const node = drawn(block, within(block, reader));
        node.dataset.block = block.block_id;
        nodes.set(block.block_id, { shows, node });
        return node;
      });
      for (const [id, one] of nodes) if (!shown.includes(one.node)) nodes.delete(id);
      arrange(parent, shown);
      refocus(before);
      for (const [id, one] of nodes) showError(one.node, errors[id]);
    },
  };
}
