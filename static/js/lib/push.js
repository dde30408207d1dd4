// This device's push subscription: what the browser holds, told to the server, and mended on every open.
import { account } from "./page.js";
import { keepNote, note } from "./store.js";

const DAY = 24 * 3600 * 1000;
const WHOSE = "rekindle-push"; // localStorage: the account nudged on this device, or "off"

// A tab in Safari has PushManager but no Notification: only an installed app can be nudged there.
const supported = () => "Notification" in window && "serviceWorker" in navigator;
const ready = async () => (await navigator.serviceWorker.ready).pushManager;

export async function state() {
  if (!supported()) return navigator.standalone === false ? "install" : "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration && !registration.pushManager) return "unsupported";
  return (await registration?.pushManager.getSubscription()) ? "on" : "off";
}

// Called inside the click: permission and subscription both need the person's own gesture.
export async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return;
  localStorage.setItem(WHOSE, account);
  await tell(await renew(await ready(), await key()));
}

export async function unsubscribe() {
  localStorage.setItem(WHOSE, "off");
  const subscription = await (await navigator.serviceWorker.getRegistration())?.pushManager?.getSubscription();
  if (!subscription) return;
  const { endpoint } = subscription;
  await Promise.allSettled([send("DELETE", { endpoint }), subscription.unsubscribe()]);
  changed();
}

// Subscriptions get lost, keys change and servers forget; whoever said yes here is not asked again.
export async function repair() {
  if (!supported() || Notification.permission !== "granted") return;
  if (localStorage.getItem(WHOSE) !== account) return drop();
  const manager = await ready();
  const held = await manager.getSubscription();
  const told = await note("push");
  if (held && told?.endpoint === held.endpoint && sessionStorage.getItem(WHOSE)) return;
  const subscription = await renew(manager, await key());
  sessionStorage.setItem(WHOSE, "looked");
  const fresh = told?.endpoint === subscription.endpoint && Date.now() - told.at < DAY;
  if (!fresh) await tell(subscription);
}

// Held for somebody who has left: their nudges must not come up here.
export async function drop() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

async function renew(manager, applicationServerKey) {
  const held = await manager.getSubscription();
  if (held && encode(held.options.applicationServerKey) === applicationServerKey) return held;
  await held?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function tell(subscription) {
  const response = await send("POST", subscription.toJSON());
  if (!response.ok) throw new Error(`subscription refused: ${response.status}`);
  await keepNote("push", { endpoint: subscription.endpoint, at: Date.now() });
  changed();
}

const send = (method, body) =>
  fetch("/push/subscriptions", { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const key = async () => (await (await fetch("/push/key")).json()).key;
const changed = () => document.dispatchEvent(new Event("rekindle:push"));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
