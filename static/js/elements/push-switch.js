// <push-switch>: nudges on this device, as the browser itself tells it, never as some row on the server says.
// Words: data-unsupported, data-install, data-blocked, data-off, data-on, data-trouble, shown in [data-words].
import { state, subscribe, unsubscribe } from "../lib/push.js";

customElements.define(
  "push-switch",
  class extends HTMLElement {
    connectedCallback() {
      this.#input.addEventListener("change", () => this.#turn(this.#input.checked));
      document.addEventListener("rekindle:push", () => this.#show());
      this.#show();
    }

    get #input() {
      return this.querySelector("input[type=checkbox]");
    }

    async #turn(on) {
      this.setAttribute("aria-busy", "true");
      this.#input.disabled = true;
      const done = await (on ? subscribe() : unsubscribe()).then(
        () => true,
        () => false,
      );
      this.removeAttribute("aria-busy");
      await this.#show(done ? "" : this.dataset.trouble);
    }

    async #show(said) {
      const now = await state();
      this.setAttribute("state", now);
      this.#input.checked = now === "on";
      this.#input.disabled = !["on", "off"].includes(now);
      for (const each of document.querySelectorAll("[data-needs-push]")) each.hidden = now !== "on";
      this.querySelector("[data-words]").textContent = said || this.dataset[now] || "";
    }
  },
);
