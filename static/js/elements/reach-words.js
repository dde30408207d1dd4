// <reach-words>: the links carry the words as they stand in the box; sharing where there is a sheet, else copying.
import { say } from "../lib/page.js";

customElements.define(
  "reach-words",
  class extends HTMLElement {
    connectedCallback() {
      const box = this.querySelector("textarea");
      box.addEventListener("input", () => {
        for (const link of this.querySelectorAll("[data-way]")) link.href = link.dataset.way + encodeURIComponent(box.value);
      });
      const share = this.querySelector("[data-share]");
      share.hidden = !(navigator.share || navigator.clipboard);
      share.addEventListener("click", () => hand(box.value).catch(() => {}));
    }
  },
);

async function hand(text) {
  if (navigator.share) return navigator.share({ text });
  await navigator.clipboard.writeText(text);
  say("Copied.");
}
