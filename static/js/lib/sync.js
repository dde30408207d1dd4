// Carries the outbox to the server, in order, one tab at a time. Only the server's word on an op takes it out of the queue.
import { device, load, settle } from "./outbox.js";
import { account } from "./page.js";
import { store } from "./store.js";
import { alone, hear, tell } from "./tabs.js";
import { tellWorker } from "./worker.js";

const MOST = 200;
const PATIENCE = 15_000;
const LONGEST_WAIT = 5 * 60_000;
const NOTICED_AFTER = 5_000;
// Kept pages are fetched anew once the ticking is over; until then the acked records paint over them.
const SETTLED_AFTER = 1_500;

// "" while all is well, else why things still wait: "offline", "trouble", "signed-out", "other-account".
export const trouble = () => why;
let why = "";
let running, again, timer, refreshing;
let failures = 0;

// A flush asked for while one is running runs after it: what was written down meanwhile goes out too.
export function flush() {
  again = running !== undefined;
  running ??= alone(`outbox-${account}`, sendAll).finally(() => {
    running = undefined;
    if (again) flush();
  });
  return running;
}

// Two tabs send once: the second finds nothing left to send.
async function sendAll() {
  const tried = new Set();
  let late = failures > 0;
  for (let batch = await unsent(tried); batch.length; batch = await unsent(tried)) {
    late ||= Date.now() - Date.parse(batch[0].at) > NOTICED_AFTER;
    const answer = await post(batch);
    if (!answer) return later(tried.size);
    for (const op of batch) tried.add(op.id);
    for (const result of answer.results) await settle(result, answer.revision);
  }
  failures = 0;
  why = "";
  await report(tried.size, late);
}

// Oldest first. What was tried and has no answer yet waits for the next time.
async function unsent(tried) {
  const kept = await (await store()).getAll("ops");
  return kept
    .filter(({ state, id }) => state === "waiting" && !tried.has(id))
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(0, MOST);
}

async function post(batch) {
  const ops = batch.map(({ item, state, ...op }) => op);
  try {
    const response = await fetch("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Rekindle-Account": account },
      body: JSON.stringify({ device: await device(), ops }),
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (response.ok) return await response.json();
    why = { 401: "signed-out", 409: "other-account" }[response.status] ?? "trouble";
  } catch {
    why = "offline";
  }
  return null;
}

function later(sent) {
  failures += 1;
  clearTimeout(timer);
  const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** failures);
  timer = setTimeout(flush, wait * (0.75 + Math.random() / 2));
  return report(sent, false);
}

async function report(sent, late) {
  await load();
  if (!sent) return;
  tell("changed");
  clearTimeout(refreshing);
  refreshing = setTimeout(() => tellWorker({ type: "refresh" }), SETTLED_AFTER);
  document.dispatchEvent(new CustomEvent("rekindle:sent", { detail: { sent, late } }));
}

function act(word) {
  if (word === "changed") load();
  if (word === "leaving") document.documentElement.hidden = true;
  if (word === "left") location.reload();
}

export function start() {
  const go = () => document.visibilityState === "visible" && flush();
  addEventListener("online", go);
  addEventListener("offline", () => document.dispatchEvent(new Event("rekindle:outbox")));
  addEventListener("pageshow", ({ persisted }) => persisted && load().then(go));
  document.addEventListener("visibilitychange", go);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "flush" && flush());
  hear(act);
  return load().then(flush);
}
