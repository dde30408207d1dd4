// <toast-region>: one sentence at a time, eight seconds or for as long as it holds the focus, with one thing to take back.
const STAYS = 8000;

customElements.define(
  "toast-region",
  class extends HTMLElement {
    #leaving;
    #offer;

    connectedCallback() {
      document.addEventListener("rekindle:say", ({ detail }) => this.#say(detail));
      this.addEventListener("focusin", () => clearTimeout(this.#leaving));
      this.addEventListener("focusout", () => this.#stay());
      this.#button?.addEventListener("click", () => {
        this.hidden = true;
        this.#offer?.();
      });
    }

    get #button() {
      return this.querySelector("button");
    }

    #say({ text, offer }) {
      this.#offer = offer;
      this.hidden = false;
      this.#button?.toggleAttribute("hidden", !offer);
      this.querySelector("[data-words]").textContent = text;
      this.#stay();
    }

    #stay() {
      clearTimeout(this.#leaving);
      this.#leaving = setTimeout(() => (this.hidden = true), STAYS);
    }
  },
);
