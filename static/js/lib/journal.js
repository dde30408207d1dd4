// Written down before anything is waited for: a page can go in the moment after a tap, and take a write to its
// database along. One draft for each item, under the account's own name, struck out once the database has it.
import { account } from "./page.js";

const PREFIX = "rekindle-draft ";
const key = (of, item) => `${PREFIX}${of} ${item}`;

// A full or forbidden storage is no reason not to try the database.
export function jot(draft) {
  try {
    localStorage.setItem(key(account, draft.item), JSON.stringify(draft));
  } catch {}
}

// A later draft of the same item stays.
export function strike({ item, id }) {
  if (read(key(account, item))?.id === id) localStorage.removeItem(key(account, item));
}

export const jotted = () => keys(key(account, "")).map(read).filter(Boolean);

// Of every account on this device, each as "account item".
export const allJotted = () => keys(PREFIX).map((name) => name.slice(PREFIX.length));

export const forgetJotted = () => keys(PREFIX).forEach((name) => localStorage.removeItem(name));

function keys(start) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(start));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}
