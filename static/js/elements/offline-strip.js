// <offline-strip>: says what still works and how many things wait; once they are gone it says so and leaves.
// Words: data-offline, data-waiting-*, data-sent-*, data-trouble, data-signed-out, data-other-account, data-refused.
import { letGo, refused, waiting } from "../lib/outbox.js";
import { account, words } from "../lib/page.js";
import { trouble } from "../lib/sync.js";

const LEAVES_AFTER = 6000;

customElements.define(
  "offline-strip",
  class extends HTMLElement {
    #leaving;

    connectedCallback() {
      for (const name of ["online", "offline"]) addEventListener(name, () => this.#show());
      document.addEventListener("rekindle:outbox", () => this.#show());
      document.addEventListener("rekindle:sent", ({ detail }) => detail.late && this.#sent(detail.sent));
      this.#button?.addEventListener("click", () => {
        for (const { item } of refused()) letGo(item);
      });
      this.#show();
    }

    get #button() {
      return this.querySelector("button");
    }

    // "Back online" stays a while, unless there is something newer to say.
    #show() {
      const said = this.#sentence();
      if (!said && this.hasAttribute("data-back")) return;
      clearTimeout(this.#leaving);
      this.removeAttribute("data-back");
      this.#say(said);
    }

    // Only where something is kept: a page that is nobody's has nothing that still works.
    #sentence() {
      if (!account) return "";
      const { offline, trouble: late, signedOut, otherAccount, refused: sorry } = this.dataset;
      const count = waiting().length;
      const [no] = refused();
      this.#button?.toggleAttribute("hidden", !no);
      if (no) return `${sorry} ${no.reason ?? ""}`;
      if (!navigator.onLine || trouble() === "offline") return count ? words(this, "waiting", count) : offline;
      return count ? { "signed-out": signedOut, "other-account": otherAccount, trouble: late }[trouble()] : "";
    }

    #sent(count) {
      this.toggleAttribute("data-back", true);
      this.#say(words(this, "sent", count));
      this.#leaving = setTimeout(() => {
        this.removeAttribute("data-back");
        this.#show();
      }, LEAVES_AFTER);
    }

    #say(text = "") {
      const line = this.querySelector("[data-words]");
      this.hidden = !text;
      if (text && line.textContent !== text) line.textContent = text;
    }
  },
);
