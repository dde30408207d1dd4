// Leaving this device: everything kept here for an account goes, and nothing that waits goes unsaid.
import { allJotted, forgetJotted } from "./journal.js";
import { account } from "./page.js";
import { drop, unsubscribe } from "./push.js";
import { databases, forgetDatabase, waitingIn } from "./store.js";
import { tell } from "./tabs.js";
import { askWorker } from "./worker.js";

// localStorage: whose pages this device shows now.
const CURRENT = "rekindle-account";
const ENOUGH = 1500;

export async function stillWaiting() {
  // First: what leaves the journal meanwhile is in its database by then.
  const jotted = allJotted();
  const kept = await Promise.all((await databases()).map(waitingIn));
  return new Set([...jotted, ...kept.flat()]).size;
}

// No longer than a moment: a bad network must not keep anyone from leaving.
export async function leave() {
  tell("leaving");
  await Promise.race([unsubscribe(), pause(ENOUGH)]);
  await forgetAll();
}

export async function forgetAll() {
  localStorage.removeItem(CURRENT);
  sessionStorage.clear();
  forgetJotted();
  await askWorker({ type: "forget" });
  await forgetPages();
  const forgotten = Promise.allSettled((await databases()).map(forgetDatabase));
  await Promise.race([forgotten, pause(ENOUGH)]);
}

export async function forgetPages(but) {
  const names = (await self.caches?.keys()) ?? [];
  const others = names.filter((name) => name === "receipts" || (name.startsWith("pages-") && name !== `pages-${but}`));
  await Promise.all(others.map((name) => caches.delete(name)));
}

// On every page of somebody: pages of anybody else go; what they left waiting stays theirs, under their own name.
export async function guard() {
  if (localStorage.getItem(CURRENT) === account) return;
  localStorage.setItem(CURRENT, account);
  await forgetPages(account);
}

// A page brought back from before the leaving, or from before somebody else came, must not be seen again.
export const outlived = () => localStorage.getItem(CURRENT) !== account;

export async function arriveSignedOut(ask) {
  tell("left");
  await Promise.all([forgetPages(), drop()]);
  const count = await stillWaiting();
  if (!count || (await ask(count))) await forgetAll();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
