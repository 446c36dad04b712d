// @ts-check
// Rows of the article form that stand in its text: numbers for new ones, their lines, and what becomes of a row whose line
// goes. desk-cards.js draws and moves the lines; its header tells the events between the two.

const KINDS = '[data-placement-kind]:not([data-placement-number=""])';
/** @type {HTMLTextAreaElement | null} */
const body = document.querySelector("[data-placements] textarea");
/** Where the writer last was in the text, while the focus is in a row. */
let caret = 0;

/** Rows that have a line, by kind and number. @type {Set<string>} */
const placed = new Set();

/** @param {HTMLElement} row */
const detailOf = (row) => ({ kind: row.dataset.placementKind, number: Number(row.dataset.placementNumber) });
/** @param {{kind: string, number: number}} detail */
const keyOf = ({ kind, number }) => `${kind}:${number}`;

/**
 * @param {HTMLElement} row
 * @param {string} name
 * @returns {any}
 */
const fieldOf = (row, name) => row.querySelector(`[name^="${row.id}-"][name$="-${name}"]`);

/** @param {HTMLElement} row */
const isLead = (row) => fieldOf(row, "role")?.value === "lead";

/** @param {HTMLElement} row */
function wordsOf(row) {
  /** @type {Record<string, string[]>} */
  const names = { picture: ["caption", "picture"], "pull-quote": ["text"], "also-on": ["headline", "target"] };
  const values = names[row.dataset.placementKind].map((name) => fieldOf(row, name)?.value.trim());
  return (values.find(Boolean) ?? "").replace(/ #\d+$/, "");
}

/**
 * @param {string} name
 * @param {HTMLElement} row
 * @param {object} [more]
 */
function tell(name, row, more = {}) {
  document.dispatchEvent(new CustomEvent(`placement:${name}`, { detail: { ...detailOf(row), ...more } }));
}

/**
 * Show the words and the picture of a row that isn't saved yet on its card.
 * @param {HTMLElement} row
 * @param {string} words
 */
function fillCard(row, words) {
  /** @type {HTMLTemplateElement | null} */
  const template = row.querySelector("template.card-content");
  const shown = template?.content.querySelector(".card-words");
  if (!shown) return;
  shown.textContent = words;
  const picture = row.querySelector(".picture-card .thumbnail")?.firstElementChild;
  const present = template.content.querySelector("img, picture");
  if (picture && !present) template.content.prepend(picture.cloneNode(true));
}

/**
 * Give a row its line, beneath the paragraph in which the writer was.
 * @param {HTMLElement} row
 */
function place(row) {
  const words = wordsOf(row);
  if (!words || isLead(row) || placed.has(keyOf(detailOf(row)))) return;
  fillCard(row, words);
  if (document.activeElement !== body) body.setSelectionRange(caret, caret);
  const { activeElement } = document;
  tell("added", row, { words });
  if (activeElement instanceof HTMLElement) activeElement.focus();
}

/**
 * A row that lost its line is deleted with the save, and one that gets it back is not. Only saved rows have a box for it.
 * @param {HTMLElement} row
 * @param {boolean} isDeleted
 */
function markDeleted(row, isDeleted) {
  const box = fieldOf(row, "DELETE");
  if (box?.type === "checkbox") box.checked = isDeleted;
  else if (!isDeleted) box?.remove();
  else if (!box) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: `${row.id}-DELETE`, value: "on" });
    row.append(input);
  }
}

/** @param {{kind: string, number: number}} detail */
function rowOf({ kind, number }) {
  const selector = `[data-placement-kind="${kind}"][data-placement-number="${number}"]`;
  return /** @type {HTMLElement | null} */ (document.querySelector(selector));
}

/** @param {string} kind */
function nextNumber(kind) {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-placement-kind="${kind}"]`));
  return Math.max(0, ...[...rows].map((row) => Number(row.dataset.placementNumber) || 0)) + 1;
}

/** @param {EventTarget | null} target */
function rowAround(target) {
  const row = target instanceof Element ? target.closest(KINDS) : null;
  return /** @type {HTMLElement | null} */ (row);
}

if (body) {
  caret = body.value.length;
  for (const type of ["blur", "keyup", "pointerup", "input"]) {
    body.addEventListener(type, () => {
      caret = body.selectionEnd;
    });
  }
  document.addEventListener("placement:placed", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    placed.add(keyOf(detail));
    const row = rowOf(detail);
    if (row) markDeleted(row, false);
  });
  document.addEventListener("placement:removed", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    placed.delete(keyOf(detail));
    const row = rowOf(detail);
    if (row && !isLead(row)) markDeleted(row, true);
  });
  document.addEventListener("formset:added", ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.dataset.placementKind) return;
    target.dataset.placementNumber = "";
    target.dataset.placementNumber = String(nextNumber(target.dataset.placementKind));
    fieldOf(target, "number").value = target.dataset.placementNumber;
  });
  document.addEventListener("change", ({ target }) => {
    const row = rowAround(target);
    if (!row || !(target instanceof HTMLElement)) return;
    const name = target.getAttribute("name") ?? "";
    if (name.endsWith("-DELETE")) {
      if (fieldOf(row, "DELETE").checked) tell("deleted", row);
      else place(row);
    } else if (isLead(row)) tell("deleted", row);
    else place(row);
  });
  // Before Django's script removes the row.
  document.addEventListener(
    "click",
    ({ target }) => {
      const row = target instanceof Element && target.closest(".inline-deletelink") ? rowAround(target) : null;
      if (row) tell("deleted", row);
    },
    true,
  );
}
