// @ts-check
// Threads: what is collapsed opens for links and for searches of the browser, links to comments are copied, and keys
// lead to the next and the previous comment.
import { announce, announcements, closest, focusQuietly, hasModifierKey } from "./dom.js";

const COPIED_FOR = 3000; // Milliseconds.
const COLLAPSED = { hidden: "until-found", "aria-hidden": "true" };
const STEPS = new Map([
  ["j", 1],
  ["k", -1],
]);
const FIELDS = "input, textarea, select, [contenteditable]";
const STORED = "keys"; // In the storage of this device, only once the reader has switched the keys off.

/** @param {Element} item A list item of a thread. */
const foldIn = (item) => /** @type {HTMLDetailsElement | null} */ (item.querySelector(":scope > .fold"));

/**
 * Open all folds that collapse an element.
 * @param {Element} element
 */
function reveal(element) {
  for (let item = element.closest("li"); item; item = item.parentElement.closest("li")) {
    const fold = foldIn(item);
    if (fold) fold.open = true;
  }
}

// The style sheet hides what is collapsed. Browsers that can search it are told to, and open it for what they find.
if ("onbeforematch" in document.documentElement) {
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement && target.matches(".fold"))) return;
      const parts = target.parentElement.querySelectorAll(":scope > .comment > .comment-body, :scope > .thread");
      for (const part of parts) {
        // Browsers skip what is in an element that is hidden so, not the element: screen readers would be given an empty
        // list. `inert` would keep browsers from searching it.
        for (const [name, value] of Object.entries(COLLAPSED)) {
          if (target.open) part.removeAttribute(name);
          else part.setAttribute(name, value);
        }
      }
    },
    true,
  );
  document.addEventListener("beforematch", ({ target }) => reveal(/** @type {Element} */ (target)));
}
document.addEventListener("click", (event) => {
  const hash = closest(event, "a[href^='#']")?.getAttribute("href");
  const target = hash && document.getElementById(hash.slice(1));
  if (target?.matches(".thread *")) reveal(target);
});

document.addEventListener("click", async (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (closest(event, ".comment-link"));
  if (!link || hasModifierKey(event) || !navigator.clipboard) return;
  event.preventDefault();
  if (link.matches(".copied")) return;
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    location.assign(link.href);
    return;
  }
  const label = link.firstChild;
  const before = label.textContent;
  const copied = announcements()?.dataset.copied ?? before;
  announce(copied);
  label.textContent = copied;
  link.classList.add("copied");
  setTimeout(() => {
    label.textContent = before;
    link.classList.remove("copied");
  }, COPIED_FOR);
});

/** @type {HTMLInputElement | null} */
const choice = document.querySelector("#keyboard-help input");

/** @param {Element} comment */
const isShown = (comment) => comment.getClientRects().length > 0 && !comment.closest("[hidden]");

/** @param {Element} comment */
const top = (comment) => Math.round(comment.getBoundingClientRect().top);

/**
 * Return the comment that a step leads to: from the focused one, or else from the upper edge of the window.
 * @param {number} step
 * @returns {HTMLElement | undefined}
 */
function commentAt(step) {
  /** @type {HTMLElement[]} */
  const comments = [...document.querySelectorAll(/** @type {"article"} */ (".discussion .thread .comment"))];
  const shown = comments.filter(isShown);
  const focused = /** @type {HTMLElement | null} */ (document.activeElement.closest(".comment"));
  const place = shown.indexOf(focused);
  if (place >= 0 && focused.getBoundingClientRect().bottom > 0 && top(focused) < innerHeight)
    return shown[place + step];
  return step > 0 ? shown.find((comment) => top(comment) > 0) : shown.filter((comment) => top(comment) < 0).at(-1);
}

document.addEventListener("keydown", (event) => {
  const step = STEPS.get(event.key);
  if (!step || !choice?.checked || event.defaultPrevented || closest(event, FIELDS)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const comment = commentAt(step);
  if (!comment) return;
  event.preventDefault();
  focusQuietly(comment);
  comment.scrollIntoView({ block: "start" });
});

/** @type {HTMLElement | null} */
const help = document.querySelector("#keyboard-help");
if (help) {
  help.hidden = false;
  try {
    choice.checked = localStorage.getItem(STORED) !== "off";
  } catch {
    // Storage is disabled.
  }
  choice.addEventListener("change", () => {
    try {
      if (choice.checked) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, "off");
    } catch {
      // Storage is disabled: the choice lasts until the page is left.
    }
  });
}
