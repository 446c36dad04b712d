// @ts-check
// Keys for moderators, in the queue and in a case, and where the focus goes after a decision. Everything is also a link,
// a button or a field. Single keys can be switched off, and do nothing where something is typed.
import { announce, closest, onHtmx } from "./dom.js";

const STORED = "keys"; // The same switch as that of the keys in threads.
const TYPED_INTO = "input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]";
const STEPS = new Map([
  ["j", 1],
  ["k", -1],
]);
/** What a key chooses in a case: the outcome, and the sanction. @type {Record<string, [string, string]>} */
const CHOICES = {
  a: ["keep", ""],
  h: ["hide", ""],
  w: ["hide", "warn"],
  s: ["hide", "suspend-1"],
  b: ["hide", "ban-30"],
};

/** Whether the next digit names a rule. */
let awaitsRule = false;
/** The case in which something was decided, to go on from there. */
let decidedAt = 0;

const work = () => document.getElementById("work");
const cases = () => [...work().querySelectorAll(/** @type {"li"} */ (".queue-case"))];

function isOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // Storage is disabled.
  }
}

/** @param {HTMLElement} item */
function focusCase(item) {
  /** @type {HTMLElement} */ (item.querySelector(".open-case")).focus();
  item.scrollIntoView({ block: "nearest" });
}

/** @param {string} key */
function press(key, within = /** @type {ParentNode} */ (document)) {
  /** @type {HTMLElement | null} */
  const element = within.querySelector(`[data-key="${key}"]`);
  element?.click();
  return element !== null;
}

/**
 * Hide one comment of the queue under a rule, by the fields for those that are selected.
 * @param {HTMLElement} item
 * @param {string} rule
 */
function hideUnder(item, rule) {
  /** @type {HTMLFormElement} */
  const form = document.querySelector("#several");
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name='comment']"));
  for (const box of boxes) box.checked = item.contains(box);
  /** @type {HTMLSelectElement} */ (form.elements.namedItem("ground")).value = rule;
  /** @type {HTMLElement} */ (form.querySelector("[name='hide']")).click(); // htmx sends the button that was clicked.
}

/** @param {string} key */
function inQueue(key) {
  const items = cases();
  const current = items.findIndex((item) => item.contains(document.activeElement));
  if (STEPS.has(key)) {
    const next = items[current < 0 ? 0 : current + STEPS.get(key)];
    if (next) focusCase(next);
    return Boolean(next);
  }
  const item = items[current];
  if (!item) return false;
  if (awaitsRule && /^[1-9]$/.test(key)) {
    hideUnder(item, key);
    return true;
  }
  if (key === "r" && item.querySelector("[name='comment']")) {
    awaitsRule = true;
    announce(document.getElementById("keyboard-help").dataset.rule);
    return true;
  }
  if (key === "x") {
    /** @type {HTMLInputElement | null} */
    const box = item.querySelector("[name='comment']");
    box?.click();
    return box !== null;
  }
  return key === "a" && press("a", item);
}

/** @param {string} key */
function inCase(key) {
  if (STEPS.has(key) || key === "c" || key === "p") return press(key, work());
  /** @type {HTMLFormElement | null} */
  const form = work().querySelector("form.decide");
  if (!form) return false;
  if (/^[1-9]$/.test(key)) {
    const rule = form.elements.namedItem("ground");
    if (rule instanceof HTMLSelectElement) rule.value = key;
    return true;
  }
  if (!(key in CHOICES)) return false;
  const [outcome, sanction] = CHOICES[key];
  /** @type {HTMLInputElement | null} */
  const radio = form.querySelector(`[name="outcome"][value="${outcome}"]`);
  if (!radio) return false;
  radio.checked = true;
  radio.focus();
  const select = form.elements.namedItem("sanction");
  if (select instanceof HTMLSelectElement) select.value = sanction;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const { key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = /** @type {HTMLFormElement | null} */ (closest(event, "#work form.decide"));
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || key.length > 1 || !isOn() || closest(event, TYPED_INTO)) return;
  const letter = key.toLowerCase();
  let done = false;
  if (letter === "u") done = press("u");
  else if (letter === "?") done = openHelp();
  else done = work().dataset.keys === "queue" ? inQueue(letter) : inCase(letter);
  if (letter !== "r") awaitsRule = false;
  if (done) event.preventDefault();
});

function openHelp() {
  /** @type {HTMLDetailsElement} */
  const help = document.querySelector("#keyboard-help");
  help.open = true;
  help.querySelector("summary").focus();
  return true;
}

// The list that comes after a decision goes on where the decided case was. A case puts the focus into its first field.
onHtmx("beforeRequest", () => {
  decidedAt = Math.max(
    0,
    cases().findIndex((item) => item.contains(document.activeElement)),
  );
});
onHtmx("afterSettle", ({ target }) => {
  if (target.id !== "work") return;
  showHelp();
  if (work().dataset.keys !== "queue" || work().querySelector("#refusal")) return;
  const items = cases();
  const next = items[Math.min(decidedAt, items.length - 1)];
  if (next) focusCase(next);
});

function showHelp() {
  const help = document.getElementById("keyboard-help");
  if (!help) return; // Editors who only decide on topics have no keys.
  help.hidden = false;
  const choice = help.querySelector("input");
  choice.checked = isOn();
  choice.addEventListener("change", () => {
    try {
      if (choice.checked) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, "off");
    } catch {
      // Storage is disabled: the keys stay on.
    }
  });
}
showHelp();
