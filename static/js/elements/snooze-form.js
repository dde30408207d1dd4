// <snooze-form>: "Tomorrow" without signal is written down like a tick. With signal the form goes by itself.
import { put, wish } from "../lib/outbox.js";
import { flush } from "../lib/sync.js";

customElements.define(
  "snooze-form",
  class extends HTMLElement {
    connectedCallback() {
      const form = this.querySelector("form");
      const { snooze: parent, n } = form.dataset;
      const item = `snooze ${parent}`;
      document.addEventListener("rekindle:outbox", () => this.#paint(form, wish(item)?.state === "waiting"));
      this.addEventListener("submit", (event) => {
        if (navigator.onLine) return;
        event.preventDefault();
        put(item, { kind: "snooze", parent, until: tomorrow() }, Number(n)).then(flush);
      });
    }

    // Once it has gone out the next thing is another one, and only the server knows which.
    #paint(form, pending) {
      if (form.hasAttribute("data-pending") && !pending) location.reload();
      form.toggleAttribute("data-pending", pending);
      form.querySelector("button").disabled = pending;
    }
  },
);

// The day after today on this device's own calendar.
function tomorrow() {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
