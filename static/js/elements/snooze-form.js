// <snooze-form>: "Tomorrow" without signal is written down like a tick. With signal the form goes by itself.
import { put } from "../lib/outbox.js";
import { flush } from "../lib/sync.js";

customElements.define(
  "snooze-form",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("submit", (event) => {
        if (navigator.onLine) return;
        event.preventDefault();
        const { snooze: parent, n } = event.target.dataset;
        put(`snooze ${parent}`, { kind: "snooze", parent, until: tomorrow() }, Number(n)).then(flush);
      });
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
