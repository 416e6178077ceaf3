// Places lists that open over the page: below what opened them, or above it if there is more room.

const GAP = 4;
const EDGE = 8;

export function place(list, anchor, { align = "start", match = false } = {}) {
  const around = anchor.getBoundingClientRect();
  list.style.minWidth = match ? `${around.width}px` : "";
  list.style.maxHeight = "";
  const below = innerHeight - around.bottom - GAP - EDGE;
  const above = around.top - GAP - EDGE;
  const tall = list.offsetHeight;
  const up = tall > below && above > below;
  const height = Math.min(tall, up ? above : below);
  if (tall > height) list.style.maxHeight = `${height}px`;
  list.style.top = `${up ? around.top - GAP - height : around.bottom + GAP}px`;
  const left = align === "end" ? around.right - list.offsetWidth : around.left;
  list.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - list.offsetWidth - EDGE))}px`;
}

// Keep it in place while the page around it scrolls, until the returned function is called.
export function follow(list, anchor, how) {
  const again = (event) => {
    if (!list.isConnected || !list.matches(":popover-open")) stop();
    else if (event.target === window || !list.contains(event.target)) place(list, anchor, how);
  };
  const stop = () => {
    document.removeEventListener("scroll", again, true);
    removeEventListener("resize", again);
  };
  document.addEventListener("scroll", again, true);
  addEventListener("resize", again);
  return stop;
}
