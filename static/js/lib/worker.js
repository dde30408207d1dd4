// The service worker seen from the page: registered once, told in plain messages.
import { account } from "./page.js";

// Chromium asks for a typed address where the policy demands Trusted Types; the one address there is never changes.
const address = () => {
  const policy = globalThis.trustedTypes?.createPolicy("rekindle", { createScriptURL: () => "/sw.js" });
  return policy ? policy.createScriptURL("") : "/sw.js";
};

export async function register() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  await serviceWorker.register(address(), { scope: "/" });
  // A new worker keeps the loop anew: pages kept before it name the files of the old release.
  serviceWorker.addEventListener("controllerchange", () => tellWorker({ type: "refresh", urls: loop() }));
  tellWorker({ type: "open", urls: loop() });
  await serviceWorker.ready;
}

// What must open without signal: Today, this page, and those that the server marked on it.
function loop() {
  const links = [...document.querySelectorAll("a[data-loop]")];
  return account ? ["/", location.pathname, ...links.map(({ pathname }) => pathname)] : [];
}

export const tellWorker = (message) => navigator.serviceWorker?.controller?.postMessage(message);

// The same and wait for the answer, a second at most: nobody is kept waiting by a worker that is gone.
export function askWorker(message) {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    setTimeout(resolve, 1000);
    worker.postMessage(message, [port2]);
  });
}
