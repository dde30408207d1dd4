// <send-by>: the one lit button opens the way that was picked, with the words in it; the draft is kept while one types.
import { say } from "../lib/page.js";
import { post } from "../lib/send.js";

const PAUSE = 1500;

customElements.define(
  "send-by",
  class extends HTMLElement {
    #timer = 0;

    connectedCallback() {
      this.box = document.querySelector("#words");
      this.send = document.querySelector("[data-send]");
      this.send.addEventListener("click", () => this.#go().catch(() => {}));
      this.addEventListener("change", () => this.#show());
      this.box.addEventListener("input", () => {
        clearTimeout(this.#timer);
        if (this.dataset.keep) this.#timer = setTimeout(() => this.#keep(), PAUSE);
      });
      this.#show();
    }

    get #way() {
      return this.querySelector("[name=way]:checked");
    }

    #show() {
      this.send.hidden = !this.#way.dataset.act;
      this.send.querySelector("[data-act]").textContent = this.#way.dataset.act ?? "";
      const call = document.querySelector("[data-call-words]");
      if (call) call.hidden = this.#way.value !== "call";
    }

    #keep() {
      post(this.dataset.keep, { words: this.box.value }).catch(() => {});
    }

    async #go() {
      const { address } = this.#way.dataset;
      if (address) location.href = address + encodeURIComponent(this.box.value);
      else if (navigator.share) await navigator.share({ text: this.box.value });
      else await navigator.clipboard.writeText(this.box.value).then(() => say("Copied."));
    }
  },
);
