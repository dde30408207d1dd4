// Paints the outbox over the page: ticks, what waits, steps and the fire. The server's own answer is the base coat.
import { wish } from "./outbox.js";

// With signal a tick is gone before anybody could read that it waits.
const PATIENCE = 400;
let stuck = () => false;

export function start(isStuck) {
  stuck = isStuck;
  document.addEventListener("rekindle:outbox", paint);
  addEventListener("pageshow", paint);
  paint();
}

export const itemOf = ({ dataset }) => `tick ${dataset.round} ${dataset.task}`;

export function paint() {
  for (const input of document.querySelectorAll("input[data-task]")) paintTask(input);
  const steps = [...document.querySelectorAll("[data-step][data-state]")];
  if (steps.length) paintSteps(steps);
}

function paintTask(input) {
  const record = wish(itemOf(input));
  const task = input.closest(".task") ?? input.parentElement;
  input.checked = record && record.state !== "refused" ? record.done : input.defaultChecked;
  const pending = record?.state === "waiting";
  const late = pending && (stuck() || Date.now() - Date.parse(record.at) > PATIENCE);
  if (pending && !late) setTimeout(paint, PATIENCE + 50);
  task.toggleAttribute("data-pending", late);
  remark(task, late ? task.closest("[data-pending-words]")?.dataset.pendingWords : "");
}

// One small line among the task's words, put there and taken away again.
function remark(task, words) {
  const line = task.querySelector(".waits");
  if (!words) return line?.remove();
  if (line) return;
  const made = Object.assign(document.createElement("small"), { className: "waits", textContent: words });
  const title = task.querySelector(".task-t") ?? task;
  title.insertBefore(made, title.querySelector("small"));
}

// The rule is the server's: a step says when it is done (all its tasks, or any), a task whether it completes the step.
function isDone(step) {
  const tasks = [...step.querySelectorAll("input[data-task]")];
  if (!tasks.length) return step.dataset.was === "done";
  const some = tasks.some((task) => task.checked && (step.dataset.doneWhen === "any" || "completes" in task.dataset));
  return some || tasks.every((task) => task.checked);
}

function paintSteps(steps) {
  let done = 0;
  let before = 0;
  let open = false;
  for (const step of steps) {
    step.dataset.was ??= step.dataset.state;
    const finished = isDone(step);
    done += finished;
    before += step.dataset.was === "done";
    const now = steps.length > 1 || step.dataset.was === "done" ? "now" : step.dataset.was;
    turn(step, finished ? "done" : open ? "later" : now);
    open ||= !finished;
  }
  document.body.dataset.fireWas ??= document.body.dataset.fire;
  if (steps.length > 1) paintNext(steps.find(({ dataset }) => dataset.state === "now")?.dataset.step ?? "");
  paintFire(steps.length > 1 ? done : Number(document.body.dataset.fireWas) + done - before);
}

// The server has said what comes next after each step; a tick only chooses among it.
function paintNext(step) {
  const card = document.querySelector("[data-next]");
  const words = document.querySelector(`template[data-next-after="${step}"]`);
  if (!card || !words || step === (card.dataset.next ?? "")) return;
  card.dataset.next = step;
  card.replaceChildren(words.content.cloneNode(true));
}

function turn(step, state) {
  if (step.dataset.state === state) return;
  step.dataset.state = state;
  const word = step.querySelector("[data-state-word]");
  if (word) word.textContent = word.dataset[state] ?? "";
}

// A round on embers never goes back to cold.
function paintFire(done) {
  const least = document.querySelector(".hearth[data-banked]") ? 2 : 0;
  const fire = String(Math.min(5, Math.max(least, done)));
  for (const lit of document.querySelectorAll("[data-fire]:not([data-still])")) {
    if (lit.dataset.fire === fire) continue;
    lit.dataset.fire = fire;
    const sentence = lit.dataset[`fire${fire}`];
    if (sentence) lit.setAttribute("aria-label", sentence);
  }
}
