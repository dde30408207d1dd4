// What the server said about this page: whose it is, how new it is, and the words to use.

export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

export const account = meta("rekindle-account");
export const revision = Number(meta("rekindle-revision")) || 0;
export const signedOut = !account && document.querySelector("main [data-signed-out]") !== null;

// The words stand in data attributes: data-sent-one, data-sent-other …, chosen by the page's language.
export function words(element, key, count) {
  const form = new Intl.PluralRules(document.documentElement.lang || "en").select(count);
  const name = (end) => key + end[0].toUpperCase() + end.slice(1);
  const text = element.dataset[name(form)] ?? element.dataset[name("other")] ?? "";
  return text.replace("{n}", count);
}

export function say(text, offer) {
  if (text) document.dispatchEvent(new CustomEvent("rekindle:say", { detail: { text, offer } }));
}
