// <idea-filters>: a chip that is tapped shows its list at once; without signal the page keeps the list it has.
customElements.define(
  "idea-filters",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("change", ({ target: { type, form } }) => type === "checkbox" && navigator.onLine && form.requestSubmit());
    }
  },
);
