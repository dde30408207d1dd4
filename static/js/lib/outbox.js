// What was done here and is not yet known to be on every page: one record for each item, the latest wish.
// waiting → acked (kept as an overlay for older pages) or refused (kept and shown). Nothing else removes a record.
import { jot, jotted, strike } from "./journal.js";
import { revision } from "./page.js";
import { keepNote, note, store } from "./store.js";
import { tell } from "./tabs.js";

// As in the database.
const records = new Map();
// On their way into it.
const drafts = new Map();
const KEPT_FOR = 60 * 24 * 3600 * 1000;

const known = (item) => drafts.get(item) ?? records.get(item);
export const all = () => [...new Map([...records, ...drafts]).values()];
export const waiting = () => all().filter(({ state }) => state === "waiting");
export const refused = () => all().filter(({ state }) => state === "refused");

// What this device wishes the item to be, where the page in hand does not know it yet.
export function wish(item) {
  const record = known(item);
  return record && (record.state !== "acked" || record.revision > revision) ? record : undefined;
}

export async function load() {
  const db = await store();
  // One that finds no room keeps its place in the journal.
  await Promise.allSettled(jotted().map(fold));
  const kept = await db.getAll("ops");
  records.clear();
  for (const record of kept) {
    if (record.state === "acked" && Date.now() - Date.parse(record.at) > KEPT_FOR) db.delete("ops", record.item);
    else records.set(record.item, record);
  }
  changed();
}

// `seen` is the counter the page shows for the item: an op always counts one past whatever is known here.
export async function put(item, op, seen) {
  const draft = { ...op, item, id: uuid(), n: next(seen, known(item)), at: new Date().toISOString(), state: "waiting" };
  jot(draft);
  drafts.set(item, draft);
  changed();
  try {
    await fold(draft);
  } finally {
    if (drafts.get(item) === draft) drafts.delete(item);
    changed();
  }
  tell("changed");
}

// Into the database, unless it has the draft or a later wish; only then is the draft struck out. Later is what counts
// no less and was made after: by the clock alone, one that is set back would undo what is done next.
async function fold(draft) {
  const tx = (await store()).transaction("ops", "readwrite", { durability: "strict" });
  const kept = await tx.store.get(draft.item);
  const later = kept && (kept.id === draft.id || (kept.n >= draft.n && kept.at > draft.at));
  const record = later ? kept : { ...draft, n: Math.max(draft.n, next(0, kept)) };
  await Promise.all([later || tx.store.put(record), tx.done]);
  records.set(draft.item, record);
  strike(draft);
}

const next = (seen, known) => Math.max(seen || 0, known?.n ?? 0) + 1;

// Carries one answer of the server out; an answer to an op that has been replaced since says nothing any more.
export async function settle({ id, result, reason, now }, newRevision) {
  const tx = (await store()).transaction("ops", "readwrite", { durability: "strict" });
  const record = (await tx.store.getAll()).find((each) => each.id === id);
  if (record) {
    const kept = settled(record, { result, reason, now }, newRevision);
    if (kept) tx.store.put(kept);
    else tx.store.delete(record.item);
  }
  await tx.done;
}

function settled(record, { result, reason, now }, newRevision) {
  if (result === "refused") return { ...record, state: "refused", reason };
  if (result === "gone" || record.kind !== "tick") return null;
  if (result === "superseded" && !now) return null;
  return { ...record, ...now, state: "acked", revision: newRevision };
}

export async function letGo(item) {
  await (await store()).delete("ops", item);
  records.delete(item);
  changed();
  tell("changed");
}

// Told apart from other devices by an id that dies with the account's database.
export async function device() {
  const kept = await note("device");
  if (kept) return kept;
  const made = uuid();
  await keepNote("device", made);
  return made;
}

const changed = () => document.dispatchEvent(new Event("rekindle:outbox"));

// randomUUID is missing where the page came over plain http.
function uuid() {
  const digit = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
  return crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
}
