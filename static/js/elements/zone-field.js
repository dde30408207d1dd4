// <zone-field>: fills its empty input or select with the time zone this device keeps.
customElements.define(
  "zone-field",
  class extends HTMLElement {
    connectedCallback() {
      const field = this.querySelector("input, select");
      if (field && !field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    }
  },
);
