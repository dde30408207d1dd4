// <tone-coach>: marks what may hurt while one types, says why in a line, offers one kinder wording. It never blocks.
import { post } from "../lib/send.js";

const PAUSE = 450;

customElements.define(
  "tone-coach",
  class extends HTMLElement {
    #kept = new Set();
    #timer = 0;

    connectedCallback() {
      this.box = this.querySelector("textarea");
      this.querySelector("[data-check]")?.remove();
      this.box.addEventListener("input", () => this.#later());
      this.#draw([]);
      this.#look();
    }

    #later() {
      this.#draw([]);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), PAUSE);
    }

    async #look() {
      const text = this.box.value;
      const found = await post(this.dataset.tone, { text }).catch(() => null);
      if (!found || text !== this.box.value) return;
      const flags = found.flags.filter((flag) => !this.#kept.has(flag.phrase));
      this.#draw(flags);
      const notes = found.missing.map((sentence) => this.#copy("need", { sentence }));
      const rest = text.trim() && !notes.length ? [this.#copy("rest", {})] : notes;
      this.querySelector("[data-coach]").replaceChildren(...(flags.length ? [this.#card(flags[0])] : rest));
    }

    #draw(flags) {
      const text = this.box.value;
      let at = 0;
      const parts = flags.flatMap(({ start, end }) => {
        const mark = Object.assign(document.createElement("mark"), { textContent: text.slice(start, end) });
        const before = text.slice(at, start);
        at = end;
        return [before, mark];
      });
      this.querySelector("[data-mirror]").replaceChildren(...parts, text.slice(at) + "\n");
    }

    #card(flag) {
      const card = this.#copy("card", { said: flag.said, why: flag.why, kinder: flag.kinder && `“${flag.kinder}”` });
      card.querySelector("[data-use]").addEventListener("click", () => {
        this.box.setRangeText(flag.kinder, flag.start, flag.end, "end");
        this.box.dispatchEvent(new Event("input", { bubbles: true }));
        this.box.focus();
      });
      card.querySelector("[data-keep]").addEventListener("click", () => {
        this.#kept.add(flag.phrase);
        this.#look();
        this.box.focus();
      });
      return card;
    }

    #copy(name, words) {
      const made = this.querySelector(`[data-coach-${name}]`).content.firstElementChild.cloneNode(true);
      for (const [key, text] of Object.entries(words)) made.querySelector(`[data-${key}]`).textContent = text;
      return made;
    }
  },
);
