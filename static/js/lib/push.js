// This device's push subscription: what the browser holds, told to the server, and mended on every open.
import { account, meta } from "./page.js";
import { keepNote, note } from "./store.js";
import { alone } from "./tabs.js";

// localStorage: the account nudged on this device, or "off".
const WHOSE = "rekindle-push";

// A tab in Safari has PushManager but no Notification: only an installed app can be nudged there.
const supported = () => "Notification" in window && "PushManager" in window;
const held = async () => (await navigator.serviceWorker?.getRegistration())?.pushManager?.getSubscription();

export async function state() {
  if (!supported()) return navigator.standalone === false ? "install" : "unsupported";
  if (Notification.permission === "denied") return "blocked";
  return (await held()) ? "on" : "off";
}

// Called inside the click: permission and subscription both need the person's own gesture.
export async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return;
  localStorage.setItem(WHOSE, account);
  await alone("push", () => tell());
}

export async function unsubscribe() {
  localStorage.setItem(WHOSE, "off");
  const subscription = await held();
  if (!subscription) return;
  await Promise.allSettled([send("DELETE", subscription), subscription.unsubscribe()]);
  changed();
}

// Subscriptions get lost, keys change, servers forget and permissions are taken back; whoever said yes here is not
// asked again. One tab at a time: the second finds it mended.
export const repair = () => alone("push", mend);

async function mend() {
  if (localStorage.getItem(WHOSE) !== account) return drop();
  const told = await note("push");
  if (Notification.permission !== "granted") return lose(told);
  const now = await held();
  const [key, ...known] = meta("rekindle-push").split(" ");
  const same = now && told?.endpoint === now.endpoint;
  if (same && (!key || (madeFor(now) === key && known.includes(told.device)))) return;
  const how = { by_itself: true, replaces: told?.endpoint };
  // Told before and new to the server all the same: its push service has given it up.
  if ((await tell(how)) && (await held())?.endpoint === told?.endpoint) {
    await drop();
    await tell(how);
  }
}

// The permission is gone, and with it the subscription: the server is told, and the person once.
async function lose(told) {
  if (told?.endpoint && (await send("DELETE", told)).ok) await keepNote("push", (told = { lost: true }));
  const notice = document.querySelector("[data-push-lost]");
  if (!notice || !told?.lost) return;
  notice.hidden = false;
  notice.querySelector("button").onclick = () => keepNote("push", {}).then(() => notice.remove());
}

// Held for somebody who has left: their nudges must not come up here.
export const drop = async () => (await held())?.unsubscribe();

// Whether the server hears of it for the first time. What was switched off from another device ends here.
async function tell(how) {
  const { key } = await (await fetch("/push/key")).json();
  const { pushManager } = await navigator.serviceWorker.ready;
  let subscription = await pushManager.getSubscription();
  if (!subscription || madeFor(subscription) !== key) {
    await subscription?.unsubscribe();
    subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }
  const response = await send("POST", { ...subscription.toJSON(), key, ...how });
  if (response.status === 404) return unsubscribe();
  if (!response.ok) throw new Error(`push: ${response.status}`);
  await keepNote("push", { endpoint: subscription.endpoint, device: (await response.json()).device });
  changed();
  return response.status === 201;
}

const send = (method, body) =>
  fetch("/push/subscriptions", { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const changed = () => document.dispatchEvent(new Event("rekindle:push"));

const madeFor = ({ options }) =>
  btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
