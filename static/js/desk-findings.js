// @ts-check
// The passages of the text that problems are about: underlined in its mirror (see desk-cards.js), and selected by the
// link to their field. The panel lists the problems for everybody; the underlines are for the eye alone.
import { announce, createElement } from "./dom.js";

/** @type {NodeListOf<HTMLAnchorElement>} */
const links = document.querySelectorAll("#checks a[data-passage]");

/**
 * Select the passage of a problem in its field, and say what the problem is.
 * @param {HTMLAnchorElement} link
 */
export function showPassage(link) {
  const field = document.getElementById(link.hash.slice(1));
  if (!(field instanceof HTMLTextAreaElement)) return;
  const start = field.value.indexOf(link.dataset.passage);
  if (start < 0) return; // It has been changed since.
  field.setSelectionRange(start, start + link.dataset.passage.length);
  const mark = document.querySelector(`.mirror [data-problem="${[...links].indexOf(link)}"]`);
  mark?.scrollIntoView({ block: "center" });
  announce(link.closest("li").textContent.replace(/\s+/g, " ").trim());
}

/**
 * Underline the passages in the mirror of a field. They are drawn as boxes, because the mirror's words are hidden.
 * @param {HTMLElement} cell
 */
function underline(cell) {
  const field = cell.querySelector("textarea");
  const lines = cell.querySelectorAll(".mirror > .line");
  for (const mark of cell.querySelectorAll(".mirror .problem-mark")) mark.remove();
  links.forEach((link, index) => {
    const { passage } = link.dataset;
    const start = link.hash === `#${field.id}` ? field.value.indexOf(passage) : -1;
    if (start < 0) return;
    const before = field.value.slice(0, start).split("\n");
    passage.split("\n").forEach((part, number) => {
      const line = lines[before.length - 1 + number];
      const column = number ? 0 : before[before.length - 1].length;
      if (line?.firstChild) mark(line, column, part.length, String(index), Boolean(link.closest(".bad")));
    });
  });
}

/**
 * @param {Element} line
 * @param {number} column
 * @param {number} length
 * @param {string} problem
 * @param {boolean} mustBeFixed
 */
function mark(line, column, length, problem, mustBeFixed) {
  const range = document.createRange();
  range.setStart(line.firstChild, column);
  range.setEnd(line.firstChild, column + length);
  const origin = line.getBoundingClientRect();
  for (const box of range.getClientRects()) {
    const element = createElement("i", { class: `problem-mark${mustBeFixed ? " must" : ""}`, "data-problem": problem });
    Object.assign(element.style, {
      left: `${box.left - origin.left}px`,
      top: `${box.top - origin.top}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    });
    line.append(element);
  }
}

if (links.length) {
  document.addEventListener("mirror:checked", ({ target }) => underline(/** @type {HTMLElement} */ (target)));
}
