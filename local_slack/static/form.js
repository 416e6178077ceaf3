// The state of the fields in one message, modal or Home. What a person entered stays as long as its block and
// action keep their ids; everything else comes from the server.

const keyOf = (entry) => Object.keys(entry).find((name) => name !== "type");

export function makeForm() {
  let values = {};
  const touched = new Map();

  return {
    // Takes the server's fields; returns the ids of the blocks in which a value differs from what was shown.
    take(given) {
      const before = values;
      values = structuredClone(given ?? {});
      for (const [name, { block, action }] of touched) {
        const entered = before[block]?.[action];
        const now = values[block]?.[action];
        if (now && entered?.type === now.type) values[block][action] = entered;
        else touched.delete(name);
      }
      const differs = (block) => JSON.stringify(values[block]) !== JSON.stringify(before[block]);
      return new Set(Object.keys(values).filter(differs));
    },
    held(block, action) {
      const entry = values[block]?.[action];
      return entry && entry[keyOf(entry)];
    },
    enter(block, action, held) {
      const entry = values[block]?.[action];
      if (!entry) return;
      entry[keyOf(entry)] = held;
      touched.set(JSON.stringify([block, action]), { block, action });
    },
    values: () => values,
  };
}
