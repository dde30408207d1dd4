// <draft-composer>: marks what the coach speaks of while one types, keeps the draft, and opens the way it is sent by.
import { say } from "../lib/page.js";
import { post } from "../lib/send.js";

const PAUSE = 450;

customElements.define(
  "draft-composer",
  class extends HTMLElement {
    #kept = new Set();
    #timer = 0;
    #asked = 0;

    connectedCallback() {
      this.box = this.querySelector("textarea");
      this.mirror = this.querySelector("[data-mirror]");
      this.querySelector("[data-check]")?.remove();
      this.#draw([]);
      this.box.addEventListener("input", () => this.#later());
      for (const way of this.querySelectorAll("[name=way]")) way.addEventListener("change", () => this.#way());
      this.#bar()?.addEventListener("click", () => this.#send());
      this.#way();
      this.#look();
    }

    #bar() {
      return document.querySelector("[data-send]");
    }

    #later() {
      this.#draw([]);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#look();
        if (this.dataset.keep) post(this.dataset.keep, { words: this.box.value }).catch(() => {});
      }, PAUSE);
    }

    async #look() {
      const text = this.box.value;
      const turn = ++this.#asked;
      const found = await post(this.dataset.tone, { text }).catch(() => null);
      if (!found || turn !== this.#asked || text !== this.box.value) return;
      const flags = found.flags.filter((flag) => !this.#kept.has(flag.phrase));
      this.#draw(flags);
      this.#tell(flags, found.missing);
    }

    #draw(flags) {
      const text = this.box.value;
      const parts = [];
      let at = 0;
      for (const { start, end } of flags) {
        const mark = document.createElement("mark");
        mark.textContent = text.slice(start, end);
        parts.push(text.slice(at, start), mark);
        at = end;
      }
      this.mirror.replaceChildren(...parts, text.slice(at) + "\n");
    }

    #tell([flag], missing) {
      const room = this.querySelector("[data-coach]");
      if (flag) return room.replaceChildren(this.#card(flag));
      const notes = missing.map((sentence) => this.#copy("need", (note) => (note.querySelector("span").textContent = sentence)));
      room.replaceChildren(...(notes.length || !this.box.value.trim() ? notes : [this.#copy("rest", () => {})]));
    }

    #card(flag) {
      return this.#copy("card", (card) => {
        card.querySelector("[data-said]").textContent = flag.said;
        card.querySelector("[data-why]").textContent = flag.why;
        card.querySelector("[data-kinder]").textContent = flag.kinder ? `“${flag.kinder}”` : "";
        card.querySelector("[data-use]").addEventListener("click", () => {
          this.box.setRangeText(flag.kinder, flag.start, flag.end, "end");
          this.box.focus();
          this.#later();
        });
        card.querySelector("[data-keep]").addEventListener("click", () => {
          this.#kept.add(flag.phrase);
          this.#look();
          this.box.focus();
        });
      });
    }

    #copy(name, fill) {
      const made = this.querySelector(`[data-coach-${name}]`).content.firstElementChild.cloneNode(true);
      fill(made);
      return made;
    }

    get #chosen() {
      return this.querySelector("[name=way]:checked");
    }

    #way() {
      const bar = this.#bar();
      const words = { text: "Send as a text", email: "Send as an e-mail", other: "Share or copy", call: "" }[this.#chosen?.value] ?? "";
      if (!bar) return;
      bar.hidden = !words;
      bar.querySelector("[data-send-words]").textContent = words;
      const call = this.querySelector("[data-call-words]");
      if (call) call.hidden = this.#chosen?.value !== "call";
    }

    async #send() {
      const address = this.#chosen?.dataset.address;
      if (address) return void (location.href = address + encodeURIComponent(this.box.value));
      if (navigator.share) return navigator.share({ text: this.box.value }).catch(() => {});
      await navigator.clipboard?.writeText(this.box.value);
      say("Copied.");
    }
  },
);
