// One database for each account on this device; nothing here ever opens another account's.
import "../../vendor/idb/idb.umd.js";
import { account } from "./page.js";

/*! idb 8.0.4 © 2016 Jake Archibald, ISC, see vendor/idb/LICENSE */
const { openDB, deleteDB } = globalThis.idb;
const NAME = "rekindle-";

let opening;

export function store() {
  opening ??= openDB(NAME + account, 1, {
    upgrade(db) {
      db.createObjectStore("ops", { keyPath: "item" });
      db.createObjectStore("notes");
    },
    blocking: close,
    terminated: () => (opening = undefined),
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

async function close() {
  const db = await opening;
  opening = undefined;
  db?.close();
}

// Asked once a device: some browsers put the question to the person.
export async function persist() {
  if (!navigator.storage?.persist || (await note("persist"))) return;
  await keepNote("persist", true);
  await navigator.storage.persist();
}

export const note = async (key) => (await store()).get("notes", key);
export const keepNote = async (key, value) => (await store()).put("notes", value, key);

// Names of every account's database on this device, this page's own included.
export async function databases() {
  const found = (await indexedDB.databases?.()) ?? [{ name: NAME + account }];
  return found.map(({ name }) => name).filter((name) => name.startsWith(NAME));
}

// Each as "account item".
export async function waitingIn(name) {
  const db = await openDB(name);
  const ops = db.objectStoreNames.contains("ops") ? await db.getAll("ops") : [];
  db.close();
  return ops.filter(({ state }) => state !== "acked").map(({ item }) => `${name.slice(NAME.length)} ${item}`);
}

// Emptied first: a deletion can be held up by another tab, an emptied store is empty at once.
export async function forgetDatabase(name) {
  const db = await openDB(name);
  await Promise.all([...db.objectStoreNames].map((each) => db.clear(each)));
  db.close();
  if (name === NAME + account) await close();
  await deleteDB(name);
}
