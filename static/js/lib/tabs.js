// One word to the other tabs: "changed" (read the outbox again), "leaving" (show nothing), "left" (load anew).
// Work that only one of them, or the worker, may do at a time.
export const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

let line;
let heard;

function open() {
  if (!("BroadcastChannel" in self)) return;
  line = new BroadcastChannel("rekindle");
  line.onmessage = ({ data }) => heard?.(data);
}

export function tell(word) {
  if (!line) open();
  line?.postMessage(word);
}

// Closed while the page is hidden away, so that the back-forward cache may keep it.
export function hear(act) {
  heard = act;
  open();
  addEventListener("pagehide", () => line?.close());
  addEventListener("pageshow", ({ persisted }) => persisted && open());
}
