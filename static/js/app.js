// The entry: every page works without it. It writes ticks down, sends them, and keeps this device honest.
import * as leaving from "./lib/leaving.js";
import * as overlay from "./lib/overlay.js";
import * as sync from "./lib/sync.js";
import { account, signedOut } from "./lib/page.js";
import { repair } from "./lib/push.js";
import { register } from "./lib/worker.js";
import { agreed } from "./elements/sign-out.js";
import "./elements/idea-filters.js";
import "./elements/offline-strip.js";
import "./elements/push-switch.js";
import "./elements/send-by.js";
import "./elements/snooze-form.js";
import "./elements/task-list.js";
import "./elements/toast-region.js";
import "./elements/tone-coach.js";
import "./elements/zone-field.js";
import "./lib/forms.js";

// Each part stands alone: where one browser lacks something, the rest still works.
const quietly = (work) => work.catch((error) => console.info("Rekindle:", error));

if (account) {
  overlay.start(() => !navigator.onLine || sync.trouble() !== "");
  addEventListener("pageshow", ({ persisted }) => persisted && leaving.outlived() && location.reload());
  quietly(leaving.guard().then(sync.start));
  quietly(register().then(repair));
  document.addEventListener("visibilitychange", () => document.hidden || quietly(repair()));
  navigator.clearAppBadge?.().catch(() => {});
} else {
  quietly(register());
  const host = document.querySelector("main [data-signed-out]");
  if (signedOut) quietly(leaving.arriveSignedOut((count) => agreed(host, count)));
}
