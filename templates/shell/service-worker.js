{# Rekindle's service worker, one classic script. Comments are Jinja's, so that they are not sent. #}
{# Pages: network first, then what was kept of this account, then /offline. Files: as installed with this stamp. #}
{# A push always shows. Anything that is not a GET of our own is left alone. #}
"use strict";
// {{ release }}

const STAMP = {{ stamp|tojson }};
const FILES = {{ files|tojson }};
const ICON = {{ icon|tojson }};
const BADGE = {{ badge|tojson }};
const UNKNOWN = {{ unknown|tojson }};

const SHELL = `static-${STAMP}`;
const OFFLINE = "/offline";
const PATIENCE = 3000;
const UNTOUCHED = /^\/(sw\.js|manifest\.webmanifest|sync|push|for|calendar|up|metrics)(\/|$)/;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...FILES, new Request(OFFLINE, { cache: "reload" })])));
});

{# The release before stays for a while: pages kept from then ask for its files. #}
self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await self.registration.navigationPreload?.enable();
      const older = (await caches.keys()).filter((name) => name.startsWith("static-") && name !== SHELL);
      await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || UNTOUCHED.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

const file = async (request) => (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

async function page(event, url) {
  url.hash = "";
  const live = fromNetwork(event, url.href).catch(() => null);
  event.waitUntil(live);
  const soon = await Promise.race([live, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if (soon) return soon;
  return (await kept(url.href)) ?? (await live) ?? (await caches.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
}

async function fromNetwork(event, url) {
  const response = (await event.preloadResponse) ?? (await fetch(event.request));
  if ([502, 503, 504].includes(response.status) && (await kept(url))) return null;
  event.waitUntil(keep(url, response.clone()));
  return response;
}

{# Only what the server named an account for is kept, under that account alone; a page of anybody else ends the last one's. #}
async function keep(url, response) {
  const tag = response.headers.get("Rekindle-Account");
  if (!tag) return;
  await forget((name) => name !== `pages-${tag}`);
  const unfit = !response.ok || response.type !== "basic" || response.redirected;
  if (unfit || /no-store/.test(response.headers.get("Cache-Control"))) return;
  await (await caches.open(`pages-${tag}`)).put(url, response);
}

async function kept(url) {
  for (const cacheName of await pages()) {
    const found = await caches.match(url, { cacheName, ignoreVary: true });
    if (found) return found;
  }
}

const pages = async () => (await caches.keys()).filter((name) => name.startsWith("pages-"));

async function forget(which = () => true) {
  const names = (await pages()).filter(which);
  await Promise.all(names.map((name) => caches.delete(name)));
}

{# After a sync the kept pages are older than the ticks: fetch them anew. #}
async function refresh(urls = []) {
  const known = [];
  for (const name of await pages()) known.push(...(await (await caches.open(name)).keys()));
  await fetchAll([...known.map(({ url }) => url), ...urls]);
}

{# On every opening: what the loop needs and nobody has visited yet. #}
async function fill(urls = []) {
  const missing = await Promise.all(urls.map(async (url) => !(await kept(url)) && url));
  await fetchAll(missing.filter(Boolean));
}

async function fetchAll(urls) {
  const all = new Set(urls.map((url) => new URL(url, location.origin).href));
  await Promise.allSettled([...all].map(async (url) => keep(url, await fetch(url, { headers: { Accept: "text/html" } }))));
}

self.addEventListener("message", (event) => {
  const { type, urls } = event.data ?? {};
  const work = {
    open: () => Promise.all([resend(), fill(urls)]),
    refresh: () => refresh(urls),
    forget: () => Promise.all([forget(), caches.delete(RECEIPTS)]),
  }[type];
  if (work) event.waitUntil(work().finally(() => event.ports[0]?.postMessage(type)));
});

{# A bonus where there is background sync: an open page is told that there is signal again. #}
self.addEventListener("sync", (event) => {
  event.waitUntil(self.clients.matchAll().then((all) => all.forEach((each) => each.postMessage({ type: "flush" }))));
});

{# — Nudges — #}

const RECEIPTS = "receipts";

{# Whatever comes is shown: a push that shows nothing costs the subscription. #}
self.addEventListener("push", (event) => {
  const { title, options } = read(event.data);
  const shown = self.registration.showNotification(title, options).catch(() => self.registration.showNotification(UNKNOWN.title));
  event.waitUntil(shown.then(() => acknowledge(options.data.t)));
});

function read(data) {
  let said = {};
  try {
    said = data.json().notification ?? {};
  } catch {
    {# empty or garbled: the plain words below #}
  }
  const { title, body, tag, lang, dir, actions } = said;
  const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : undefined);
  const buttons = (Array.isArray(actions) ? actions : []).filter((each) => text(each?.action, 1) && text(each.title, 1));
  const paths = Object.fromEntries(buttons.map(({ action, navigate }) => [action, path(navigate)]));
  const options = {
    body: text(body, 500) ?? (text(title, 1) ? "" : UNKNOWN.body),
    tag: text(tag, 100) ?? "rekindle",
    lang: text(lang, 35) ?? "",
    dir: ["ltr", "rtl"].includes(dir) ? dir : "auto",
    icon: ICON,
    badge: BADGE,
    actions: buttons.slice(0, 2).map((each) => ({ action: each.action, title: each.title.slice(0, 60) })),
    data: { t: text(said.data?.t, 2000), path: path(said.navigate), paths },
  };
  return { title: text(title, 200) || UNKNOWN.title, options };
}

{# Of an address only the path on this origin counts; anything else leads home. #}
function path(address) {
  try {
    const { origin, pathname, search } = new URL(address, location.origin);
    return origin === location.origin ? pathname + search : "/";
  } catch {
    return "/";
  }
}

async function acknowledge(token) {
  if (token && !(await delivered("/push/receipts", { token }))) {
    await (await caches.open(RECEIPTS)).put(`/push/receipts/${encodeURIComponent(token)}`, new Response(token));
  } else await resend();
}

{# Receipts that found no signal go out with the next push, or when the app is opened. #}
async function resend() {
  if (!(await caches.has(RECEIPTS))) return;
  const box = await caches.open(RECEIPTS);
  for (const key of await box.keys()) {
    const token = await (await box.match(key)).text();
    if (await delivered("/push/receipts", { token })) await box.delete(key);
  }
}

{# True once the server has answered for good; false asks for another try. #}
async function delivered(url, body) {
  const response = await post(url, body).catch(() => null);
  return response !== null && response.status < 500 && response.status !== 429;
}

const post = (url, body) =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const leads = notification.data?.paths?.[action] ?? notification.data?.path ?? "/";
  event.waitUntil(action && !OPENING.includes(action) ? act(notification, action) : show(leads));
});

{# Buttons that lead somewhere, and do nothing by themselves. #}
const OPENING = ["open", "write_back"];

{# Done without opening anything; where that fails, the page with the same two buttons. #}
async function act({ title, body, tag, lang, data }, action) {
  const response = await post("/nudges/act", { token: data?.t, action }).catch(() => null);
  if (response?.ok) return;
  const opened = await show(data?.paths?.[action] ?? data?.path ?? "/").then(
    () => true,
    () => false,
  );
  if (!opened) await self.registration.showNotification(title, { body, tag, lang, data, icon: ICON, badge: BADGE });
}

async function show(to) {
  const url = new URL(path(to), location.origin).href;
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const client = open.find((each) => each.url === url) ?? open[0];
  if (!client) return self.clients.openWindow(url);
  await client.focus();
  if (client.url !== url) await client.navigate(url).catch(() => self.clients.openWindow(url));
}

{# The browser has dropped or renewed it by itself: made anew for today's key. Pages mend it too when they are opened. #}
self.addEventListener("pushsubscriptionchange", (event) => {
  const work = () => renew(event);
  event.waitUntil(navigator.locks ? navigator.locks.request("push", work) : work());
});

async function renew({ oldSubscription, newSubscription }) {
  const { key } = await (await fetch("/push/key")).json();
  await newSubscription?.unsubscribe();
  const subscription = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const how = { key, by_itself: true, replaces: oldSubscription?.endpoint };
  const response = await post("/push/subscriptions", { ...subscription.toJSON(), ...how });
  {# signed out, or switched off from another device: one that the server does not know is of no use #}
  if (!response.ok) await subscription.unsubscribe();
}
