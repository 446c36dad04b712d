// @ts-check
// Keyboard shortcuts of the article form: save, take the next step, preview, and move between the text, the problems and
// the panel. The form's menu lists them.
import { showPassage } from "./desk-findings.js";

/** @type {HTMLFormElement | null} */
const form = document.querySelector("#article_form");
const steps = form?.querySelector(".bar-steps");
const panel = document.getElementById("panel");
/** @type {HTMLInputElement | null} */
const write = document.querySelector("#view-write");
/** @type {HTMLInputElement | null} */
const beside = document.querySelector("#view-beside");

/** Where the focus was before it went to the panel. @type {HTMLElement | null} */
let leftField = null;
let lastProblem = -1;

/** @param {HTMLElement} element */
function openGroup(element) {
  element.closest("details.panel-group")?.setAttribute("open", "");
}

/** @param {string} name */
function press(name) {
  /** @type {HTMLButtonElement | null} */
  const button = form.querySelector(`button[name="${name}"]`);
  button?.form.requestSubmit(button);
}

function pressNextStep() {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (steps.querySelectorAll(":scope > button"));
  const last = buttons[buttons.length - 1];
  last?.form.requestSubmit(last);
}

function togglePreview() {
  if (!write || !beside) return;
  const shown = beside.checked ? write : beside;
  shown.checked = true;
  shown.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {number} by */
function goToProblem(by) {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("#checks a[href^='#']"));
  if (!links.length) return;
  lastProblem = (lastProblem + by + links.length) % links.length;
  links[lastProblem].click();
}

function goToPanelAndBack() {
  const { activeElement } = document;
  if (panel.contains(activeElement)) {
    leftField?.focus();
    return;
  }
  leftField = activeElement instanceof HTMLElement ? activeElement : null;
  panel.querySelector("summary")?.focus();
}

/** @type {Record<string, () => void>} */
const ACTIONS = {
  "Ctrl+s": () => press("_save"),
  "Ctrl+Enter": pressNextStep,
  "Ctrl+e": togglePreview,
  F8: () => goToProblem(1),
  "Shift+F8": () => goToProblem(-1),
  F9: goToPanelAndBack,
};

if (form && steps && panel) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.isComposing) return;
    const modifiers = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.shiftKey ? "Shift+" : ""}`;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = ACTIONS[modifiers + key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  // A link to a field in a closed group opens it: not all browsers do that by themselves.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    openGroup(field);
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    const target = field.matches("details") ? field.querySelector("summary") : field;
    target?.focus({ preventScroll: true });
    if (link.hasAttribute("data-passage")) showPassage(/** @type {HTMLAnchorElement} */ (link));
  });
  document.addEventListener("formset:added", ({ target }) => {
    if (target instanceof HTMLElement) openGroup(target);
  });
  if (location.hash) {
    const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (field) openGroup(field);
  }
  // The menu closes like one.
  const menu = form.querySelector("details.menu");
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.hasAttribute("open")) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
}
