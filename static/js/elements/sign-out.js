// <sign-out>: around the form that forgets this device. Things still waiting are named first, in the server's <dialog>.
import { leave, stillWaiting } from "../lib/leaving.js";
import { words } from "../lib/page.js";

customElements.define(
  "sign-out",
  class extends HTMLElement {
    connectedCallback() {
      const form = this.querySelector("form[method=post]");
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (await agreed(this)) await leave().finally(() => form.submit());
      });
    }
  },
);

// True where nothing waits, or where the person says to go all the same.
export async function agreed(host, count) {
  const waits = count ?? (await stillWaiting().catch(() => 0));
  const dialog = host.querySelector("dialog");
  if (!waits || !dialog) return true;
  dialog.querySelector("[data-words]").textContent = words(dialog, "waiting", waits);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true });
  });
}
