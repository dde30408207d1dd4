// <task-list>: a tick is written down here first, painted at once, and sent when there is signal.
// Around the server's forms: input[data-task][data-round][data-n]; without this script each form posts by itself.
import { put } from "../lib/outbox.js";
import { itemOf } from "../lib/overlay.js";
import { say } from "../lib/page.js";
import { persist } from "../lib/store.js";
import { flush } from "../lib/sync.js";

customElements.define(
  "task-list",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("change", ({ target }) => target.matches("input[data-task]") && this.#tick(target));
      this.addEventListener("submit", (event) => event.preventDefault());
    }

    async #tick(input) {
      const { checked } = input;
      const step = input.closest("[data-step]");
      const before = step?.dataset.state;
      const written = this.#write(input, checked);
      if (checked) navigator.vibrate?.(10);
      if (before !== "done" && step?.dataset.state === "done") {
        say(step.dataset.doneWords, () => this.#write(input, false).then(flush));
      }
      try {
        await written;
      } catch {
        // No room to write it down here: the form still goes.
        return input.form?.submit();
      }
      flush();
      persist();
    }

    #write(input, done) {
      const { task, round, n } = input.dataset;
      return put(itemOf(input), { kind: "tick", task, round, done }, Number(n));
    }
  },
);
