// @ts-check
// Cards over the lines that stand for pictures, pull quotes and “Also on” boxes in an article's text. The text is one
// field, so that selecting, cutting, pasting, undoing and dictating work as in any other. A mirror of it lies in the same
// place: the same lines, hidden, and the cards on those of rows. Where the two don't agree, the cards are hidden and the
// plain lines are seen, as without scripts.
import { fold, isBlank, keyOf, LinedText } from "./companion-lines.js";
import { announce, createElement, notifyInput } from "./dom.js";

/**
 * The events on the document by which the form and this script tell each other of a row.
 *
 * The form sends placement:added (with the words of its line), placement:changed (its card's template has changed),
 * placement:deleted (before the row is gone) and placement:move (with `way`, 1 or -1). This script sends
 * placement:placed (with the number of the paragraph after which its line is, 0 for none) when its line is new or that
 * number changes, and placement:removed when its line is gone.
 * @typedef {{kind: string, number: number, words?: string, way?: number, paragraph?: number}} PlacementDetail
 */

const CHECK_DELAY = 700; // Milliseconds without typing before the heights are compared: it costs up to 20 ms.
const DRAG_START = 4; // Pixels that a pointer moves before it drags: less is a press.
const SCROLL_EDGE = 64; // Pixels from the window's edge at which dragging scrolls, the faster the nearer.
// Computed styles that decide where lines wrap. A reader's own stylesheet may reach one layer and not the other.
const COMPARED = [
  ...["fontFamily", "fontSize", "fontStyle", "fontWeight", "fontStretch", "fontVariantNumeric", "fontVariantLigatures"],
  ...["fontFeatureSettings", "fontKerning", "fontSizeAdjust", "fontOpticalSizing", "lineHeight", "letterSpacing"],
  ...["wordSpacing", "textIndent", "textTransform", "textRendering", "tabSize", "hyphens", "wordBreak", "overflowWrap"],
  ...["lineBreak", "whiteSpace", "unicodeBidi", "writingMode", "paddingLeft", "paddingRight", "paddingTop"],
  ...["borderLeftWidth", "borderRightWidth", "textSizeAdjust"],
];
/** @type {Record<string, number>} */
const LEAVING = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };
// Input that happens at the caret. A correction of the browser's or a drop is elsewhere.
const TYPED = /^insert(Text|LineBreak|Paragraph|FromPaste|FromYank)$/;
const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

/** @param {string} key */
function rowOf(key) {
  const [kind, number] = key.split(":");
  /** @type {HTMLElement | null} */
  const row = document.querySelector(`[data-placement-kind="${kind}"][data-placement-number="${number}"]`);
  return row;
}

/** @param {Element} row */
const keyOfRow = (row) => `${row.getAttribute("data-placement-kind")}:${row.getAttribute("data-placement-number")}`;

/**
 * Listen to what the form says of a row.
 * @param {string} name
 * @param {(key: string, detail: PlacementDetail) => void} listener
 */
function listenTo(name, listener) {
  document.addEventListener(`placement:${name}`, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    listener(`${detail.kind}:${detail.number}`, detail);
  });
}

/**
 * @param {string} name
 * @param {string} key
 * @param {Partial<PlacementDetail>} more
 */
function tell(name, key, more = {}) {
  const [kind, number] = key.split(":");
  document.dispatchEvent(new CustomEvent(`placement:${name}`, { detail: { kind, number: Number(number), ...more } }));
}

/**
 * Return the last line before another that isn't blank, or -1.
 * @param {string[]} lines
 * @param {number} before
 */
function lastWords(lines, before) {
  let index = Math.min(before, lines.length) - 1;
  while (index >= 0 && isBlank(lines[index])) index -= 1;
  return index;
}

class Cards {
  /** @param {HTMLElement} cell */
  constructor(cell) {
    this.cell = cell;
    this.field = cell.querySelector("textarea");
    this.mirror = createElement("div", { class: "mirror", "aria-hidden": "true" });
    this.dropMark = createElement("div", { class: "drop-mark" });
    /** @type {Record<string, string[]>} */
    this.words = JSON.parse(cell.dataset.kinds);
    const kinds = Object.entries(this.words).flatMap(([kind, names]) =>
      // The active language comes first, and wins where one name means two things.
      names.map((name) => /** @type {[string, string]} */ ([fold(name), kind])),
    );
    this.names = { kinds: new Map(kinds.reverse()), isKnown: /** @param {string} key */ (key) => Boolean(rowOf(key)) };
    this.text = new LinedText([], this.names);
    /** @type {number[]} */
    this.offsets = []; // Where each line begins.
    /** @type {HTMLElement[]} */
    this.elements = []; // One for each line.
    /** @type {Map<string, number>} */
    this.paragraphs = new Map(); // By row, for each that has a line: after which paragraph it is.
    /** @type {Map<string, HTMLElement>} */
    this.cards = new Map(); // By row, also of those without a line: undoing brings a line back.
    this.value = "";
    this.isEditing = false; // While a change of ours runs: WebKit sends `beforeinput` for it as well.
    this.composedAt = -1; // Where an input method composes, or has begun to at a card.
    this.wasUsed = false; // Whether the caret is where the writer left it.
    this.isPressed = false; // Whether a pointer may be selecting.
    this.checkTimer = 0;
    /** @type {{key: string, y: number, gap: number, moves: boolean, scrolls: number} | null} */
    this.drag = null;
    cell.append(this.mirror);
    cell.classList.add("with-mirror");
    this.sync();
    this.listen();
    this.check();
  }

  listen() {
    const { field, mirror } = this;
    field.addEventListener("input", (event) => this.onInput(/** @type {InputEvent} */ (event)));
    field.addEventListener("beforeinput", (event) => this.onBeforeInput(event));
    field.addEventListener("keydown", (event) => this.onKey(event));
    for (const name of /** @type {const} */ (["copy", "cut"])) {
      field.addEventListener(name, (event) => this.onCopy(event));
    }
    field.addEventListener("compositionstart", () => {
      this.composedAt = this.currentLine() < 0 ? Infinity : field.selectionStart;
    });
    field.addEventListener("compositionend", (event) => this.onComposed(event));
    field.addEventListener("focus", () => {
      this.wasUsed = true;
    });
    field.addEventListener("pointerdown", () => {
      this.isPressed = true;
    });
    for (const name of ["pointerup", "pointercancel"]) {
      document.addEventListener(name, () => {
        if (!this.isPressed) return;
        this.isPressed = false;
        setTimeout(() => this.onCaret());
      });
    }
    field.addEventListener("blur", () => this.frame(""));
    field.form?.addEventListener("reset", () => setTimeout(() => this.sync()));
    mirror.addEventListener("mousedown", (event) => event.preventDefault()); // The focus stays in the field.
    mirror.addEventListener("click", (event) => this.onClick(event));
    mirror.addEventListener("pointerdown", (event) => this.onPointerDown(event));
    mirror.addEventListener("pointermove", (event) => this.onPointerMove(event));
    mirror.addEventListener("pointerup", () => this.onPointerUp());
    mirror.addEventListener("pointercancel", () => this.endDrag());
    document.addEventListener("selectionchange", () => this.onCaret());
    document.addEventListener("keydown", (event) => this.onPageKey(event));
    document.addEventListener("focusin", ({ target }) => {
      const row = target instanceof Element && target.closest("[data-placement-kind]");
      if (row) this.frame(keyOfRow(row));
    });
    listenTo("added", (key, { words }) => {
      this.redraw(key);
      const [kind, number] = key.split(":");
      if (!this.text.places.has(key)) this.insert(`[${this.words[kind][0]} ${number}${words ? `: ${words}` : ""}]`);
    });
    listenTo("changed", (key) => this.redraw(key));
    listenTo("deleted", (key) => {
      if (this.text.places.has(key)) this.remove(this.text.places.get(key), false);
    });
    listenTo("move", (key, { way }) => {
      const button = /** @type {HTMLElement} */ (document.activeElement);
      if (this.text.places.has(key)) this.step(key, way);
      button.focus({ preventScroll: true });
    });
    addEventListener("pageshow", () => this.sync());
    document.fonts?.addEventListener("loadingdone", () => this.check());
    new ResizeObserver(() => this.checkSoon()).observe(field);
  }

  // The mirror --------------------------------------------------------------------------------------------------------

  /** Bring the mirror in step with the field. Lines at the start and the end that are the same are left alone. */
  sync() {
    const { value } = this.field;
    if (value === this.value && this.elements.length) return;
    this.value = value;
    const lines = value.split("\n");
    const old = this.text.lines;
    const shorter = Math.min(lines.length, old.length);
    let head = 0;
    while (head < shorter && lines[head] === old[head]) head += 1;
    let tail = 0;
    while (tail < shorter - head && lines[lines.length - 1 - tail] === old[old.length - 1 - tail]) tail += 1;
    const replaced = this.elements.slice(head, old.length - tail);
    const following = this.elements[old.length - tail] ?? null;
    const added = lines.slice(head, lines.length - tail).map((line, index) => {
      const element = replaced[index] ?? createElement("div", { class: "line" });
      if (!replaced[index]) {
        element.prepend(document.createTextNode(""));
        this.mirror.insertBefore(element, following);
      }
      /** @type {Text} */ (element.firstChild).data = line;
      for (const mark of element.querySelectorAll(".problem-mark")) mark.remove(); // They come again with the check.
      return element;
    });
    for (const element of replaced.slice(added.length)) element.remove();
    this.elements.splice(head, replaced.length, ...added);
    let offset = 0;
    this.offsets = lines.map((line) => {
      offset += line.length + 1;
      return offset - line.length - 1;
    });
    this.text = new LinedText(lines, this.names);
    this.draw();
    this.tellPlaces();
    this.checkSoon();
  }

  /** Put each card over its line. */
  draw() {
    const { lines, keys, places } = this.text;
    for (const [key, card] of this.cards) {
      const line = card.parentElement;
      if (line && line !== this.elements[places.get(key)]) {
        line.classList.remove("with-card");
        card.remove();
      }
    }
    for (const [key, index] of places) {
      const card = this.cardOf(key);
      const line = this.elements[index];
      if (card.parentElement !== line) line.append(card);
      line.classList.add("with-card");
      // A card takes the blank lines beside it, and half of one that it shares with another card.
      const room = [-1, 1].map((way) => {
        const beside = index + way;
        if (beside === lines.length) return "whole"; // The field has room for it below the text.
        return !(beside in lines) || !isBlank(lines[beside]) ? "none" : keys[beside + way] ? "half" : "whole";
      });
      [card.dataset.above, card.dataset.below] = room;
    }
  }

  /** @param {string} key */
  cardOf(key) {
    let card = this.cards.get(key);
    if (!card) {
      card = createElement("div", { class: "card", "data-card": key });
      this.cards.set(key, card);
      this.fill(card, key);
    }
    return card;
  }

  /**
   * Fill a card with what the server wrote for its row.
   * @param {HTMLElement} card
   * @param {string} key
   */
  fill(card, key) {
    const grip = createElement("button", { class: "grip", type: "button" });
    /** @type {HTMLTemplateElement | null} */
    const template = rowOf(key)?.querySelector("template.card-content");
    const content = template
      ? document.importNode(template.content, true)
      : createElement("p", { class: "card-words" }, this.nameOf(key));
    card.replaceChildren(grip, content);
    card.classList.toggle("has-problem", Boolean(card.querySelector(".problem")));
    // The panel has the same for the keyboard and for screen readers.
    for (const control of card.querySelectorAll(FOCUSABLE)) control.setAttribute("tabindex", "-1");
  }

  /** @param {string} key */
  redraw(key) {
    const card = this.cards.get(key);
    if (card) this.fill(card, key);
    this.text = new LinedText(this.text.lines, this.names); // There may be a row now for a line that was there before.
    this.draw();
    this.tellPlaces();
  }

  /**
   * @param {string} key Of the row whose card is framed, if any.
   */
  frame(key) {
    for (const [name, card] of this.cards) card.classList.toggle("current", name === key);
  }

  /**
   * Return what a row is called in its line.
   * @param {string} key
   */
  lineNameOf(key) {
    const [kind, number] = key.split(":");
    return `${this.words[kind][0]} ${number}`;
  }

  /** @param {string} key */
  nameOf(key) {
    const name = this.lineNameOf(key);
    return name[0].toUpperCase() + name.slice(1);
  }

  tellPlaces() {
    const before = this.paragraphs;
    this.paragraphs = this.text.paragraphs();
    for (const key of before.keys()) {
      if (!this.paragraphs.has(key)) tell("removed", key);
    }
    for (const [key, paragraph] of this.paragraphs) {
      if (before.get(key) !== paragraph) tell("placed", key, { paragraph });
    }
  }

  // The check ---------------------------------------------------------------------------------------------------------

  checkSoon() {
    clearTimeout(this.checkTimer);
    this.checkTimer = setTimeout(() => this.check(), CHECK_DELAY);
    requestAnimationFrame(() => {
      if (this.field.scrollHeight > this.field.clientHeight + 1) this.check();
    });
  }

  /** Hide the cards where the mirror isn't an exact copy of the field, and show them where it is. */
  check() {
    const { cell, field, mirror } = this;
    field.classList.add("collapsed");
    const height = field.scrollHeight;
    field.classList.remove("collapsed");
    field.scrollTop = 0;
    const [one, other] = [getComputedStyle(field), getComputedStyle(mirror)];
    const agrees =
      Math.abs(height - mirror.getBoundingClientRect().height) < 1 &&
      COMPARED.every((name) => /** @type {any} */ (one)[name] === /** @type {any} */ (other)[name]);
    cell.classList.toggle("without-cards", !agrees);
    field.style.blockSize = agrees ? "" : `${height}px`;
    cell.dispatchEvent(new Event("mirror:checked", { bubbles: true }));
  }

  get isShown() {
    return !this.cell.classList.contains("without-cards");
  }

  // Changes -----------------------------------------------------------------------------------------------------------

  /**
   * Change the text as if it were typed, in one step that can be undone.
   * @param {string[]} lines
   * @param {number} caretLine At whose end the caret is then.
   */
  change(lines, caretLine) {
    const { field } = this;
    const text = lines.join("\n");
    const old = field.value;
    const shorter = Math.min(text.length, old.length);
    let start = 0;
    while (start < shorter && text[start] === old[start]) start += 1;
    let same = 0;
    while (same < shorter - start && text[text.length - 1 - same] === old[old.length - 1 - same]) same += 1;
    // Between the halves of one character nothing can be inserted.
    if (/[\uD800-\uDBFF]/.test(text[start - 1] ?? "")) start -= 1;
    if (same && /[\uDC00-\uDFFF]/.test(text[text.length - same])) same -= 1;
    field.focus({ preventScroll: true });
    if (text !== old) this.replace(start, old.length - same, text.slice(start, text.length - same));
    this.sync();
    this.putCaret(caretLine);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {string} text
   */
  replace(start, end, text) {
    this.isEditing = true;
    this.field.setSelectionRange(start, end);
    const isDone = document.execCommand(text ? "insertText" : "delete", false, text);
    this.isEditing = false;
    if (isDone) return;
    this.field.setRangeText(text, start, end);
    notifyInput(this.field);
  }

  /** @param {number} index */
  putCaret(index) {
    const end = this.offsets[index] + this.text.lines[index].length;
    this.field.setSelectionRange(end, end);
    this.onCaret();
  }

  /**
   * Insert a line beneath the caret's paragraph, or at the end.
   * @param {string} line
   */
  insert(line) {
    const caret = this.wasUsed ? this.lineAt(this.field.selectionEnd) : this.text.lines.length;
    const gap = this.text.units().filter((unit) => unit.start <= caret).length;
    const { lines, index } = this.text.with(line, gap);
    this.change(lines, index);
    this.reveal(index);
  }

  /**
   * Move a row's line by a paragraph.
   * @param {string} key
   * @param {number} way
   */
  step(key, way) {
    const units = this.text.units();
    const gap = units.findIndex((unit) => unit.key === key) + way;
    this.move(key, Math.min(Math.max(gap, 0), units.length - 1));
  }

  /**
   * @param {string} key
   * @param {number} gap After so many of the other units.
   */
  move(key, gap) {
    const { lines, index } = this.text.moved(key, gap);
    this.change(lines, index);
    this.reveal(index);
    const { placedFirst, placedAfter, placedBehind } = this.cell.dataset;
    const paragraph = this.paragraphs.get(key);
    const units = this.text.units();
    const other = units[units.findIndex((unit) => unit.key === key) - 1]?.key; // As in a gallery.
    const sentence = other ? placedBehind : paragraph ? placedAfter : placedFirst;
    announce(
      sentence
        .replace("{name}", this.nameOf(key))
        .replace("{other}", other ? this.lineNameOf(other) : "")
        .replace("{number}", String(paragraph)),
    );
  }

  /**
   * Take out the line of a card.
   * @param {number} index
   * @param {boolean} forward Whether the caret goes to what follows it.
   */
  remove(index, forward) {
    const key = this.text.keys[index];
    const lines = this.text.without(index);
    const before = lastWords(lines, index);
    const after = lines.findIndex((line, at) => at > before && !isBlank(line));
    this.change(lines, Math.max(0, before));
    if (forward && after >= 0) this.field.setSelectionRange(this.offsets[after], this.offsets[after]);
    announce(this.cell.dataset.removed.replace("{name}", this.nameOf(key)));
  }

  /**
   * Begin a paragraph beneath a card.
   * @param {number} index
   * @param {string} text
   * @param {string[]} lines The text.
   */
  writeBeneath(index, text, lines = this.text.lines) {
    const typed = text.replace(/\r\n?/g, "\n").split("\n");
    const after = lines.slice(index + 1);
    if (after.length && !isBlank(after[0])) after.unshift("");
    this.change([...lines.slice(0, index + 1), "", ...typed, ...after], index + 1 + typed.length);
  }

  /** @param {number} index */
  reveal(index) {
    this.elements[index].scrollIntoView({ block: "nearest" });
  }

  // The caret ---------------------------------------------------------------------------------------------------------

  /** @param {number} offset */
  lineAt(offset) {
    let [low, high] = [0, this.offsets.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.offsets[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Return the line of the card at which the caret is, or -1. */
  currentLine() {
    const { selectionStart, selectionEnd } = this.field;
    if (!this.isShown || selectionStart !== selectionEnd) return -1;
    this.sync();
    return this.text.cardAt(this.lineAt(selectionStart));
  }

  /** A card and the blank lines that it covers are one stop. Selecting is left to the browser. */
  onCaret() {
    if (document.activeElement !== this.field || this.isEditing || this.isPressed || this.composedAt >= 0) return;
    const index = this.currentLine();
    this.frame(index < 0 ? "" : this.text.keys[index]);
    if (index < 0) return;
    const end = this.offsets[index] + this.text.lines[index].length;
    if (this.field.selectionStart !== end) this.field.setSelectionRange(end, end);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { key, altKey, shiftKey, metaKey, isComposing } = event;
    if (this.drag || isComposing || shiftKey || metaKey) return;
    const index = this.currentLine();
    if (index < 0) return;
    const row = this.text.keys[index];
    let way = LEAVING[key] ?? 0;
    if (altKey && key === "Enter") this.edit(row);
    else if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      this.step(row, way);
    } else if (way && !altKey) {
      const isSideways = key === "ArrowLeft" || key === "ArrowRight";
      if (isSideways && getComputedStyle(this.field).direction === "rtl") way = -way;
      this.leave(index, way);
    } else return;
    event.preventDefault();
  }

  /**
   * Go to the line before or after a card.
   * @param {number} index
   * @param {number} way
   */
  leave(index, way) {
    const { lines, keys } = this.text;
    let target = index + way;
    if (target in lines && !keys[target] && isBlank(lines[target])) target += way;
    if (!(target in lines)) return;
    if (way < 0 || keys[target]) this.putCaret(target);
    else {
      this.field.setSelectionRange(this.offsets[target], this.offsets[target]);
      this.onCaret();
    }
    this.reveal(target);
  }

  /** @param {KeyboardEvent} event */
  onPageKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const row = event.target instanceof Element && event.target.closest("[data-placement-kind]");
    if (this.drag) this.endDrag();
    else if (row && this.text.places.has(keyOfRow(row))) this.select(keyOfRow(row));
    else return;
    event.preventDefault();
  }

  /**
   * Put the caret at a row's line.
   * @param {string} key
   */
  select(key) {
    const index = this.text.places.get(key);
    this.field.focus({ preventScroll: true });
    this.putCaret(index);
    this.reveal(index);
  }

  /**
   * Go to the fields of a row, to the one with an error first.
   * @param {string} key
   */
  edit(key) {
    const row = rowOf(key);
    for (let outer = row; outer; outer = outer.parentElement) {
      if (outer instanceof HTMLDetailsElement) outer.open = true;
    }
    /** @type {HTMLElement | null} */
    const field =
      row.querySelector("[aria-invalid=true]") ??
      row.querySelector(":is(input, select, textarea):not([type=hidden], :disabled)");
    field?.focus();
  }

  // Typing ------------------------------------------------------------------------------------------------------------

  /** @param {InputEvent} event */
  onBeforeInput(event) {
    const { inputType } = event;
    const isDeletion = inputType.startsWith("delete");
    if (this.isEditing || this.composedAt >= 0 || !(isDeletion || TYPED.test(inputType))) return;
    const { selectionStart, selectionEnd } = this.field;
    if (!this.isShown || selectionStart !== selectionEnd) return;
    const index = this.currentLine();
    const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    if (isDeletion && index >= 0) {
      if (inputType === "deleteByCut" || inputType === "deleteByDrag") return;
      this.remove(index, inputType.endsWith("Forward"));
    } else if (isDeletion) {
      const beside = this.cardBesideCaret(inputType.endsWith("Forward"));
      if (beside < 0) return;
      this.putCaret(beside); // Framed first; the next press takes it out.
    } else if (inputType === "insertFromPaste" && keyOf(text.trim(), this.names)) {
      this.insert(text.trim());
    } else if (index >= 0) {
      this.writeBeneath(index, text);
    } else return;
    event.preventDefault();
  }

  /**
   * Return the line of the card that a deletion at the caret would reach, or -1.
   * @param {boolean} forward
   */
  cardBesideCaret(forward) {
    const { lines, keys } = this.text;
    const caret = this.field.selectionStart;
    const index = this.lineAt(caret);
    const column = caret - this.offsets[index];
    if (isBlank(lines[index]) || column !== (forward ? lines[index].length : 0)) return -1;
    const way = forward ? 1 : -1;
    const beside = isBlank(lines[index + way] ?? "x") ? index + 2 * way : index + way;
    return keys[beside] ? beside : -1;
  }

  /** @param {InputEvent} event */
  onInput({ inputType }) {
    const before = this.text;
    const caret = this.field.selectionStart;
    this.sync();
    if (this.isEditing || this.composedAt >= 0 || !inputType?.startsWith("deleteContent")) return;
    // Some phones don't let a deletion be prevented: one that took the last bracket of a line takes the line.
    const index = this.lineAt(caret);
    const key = before.keys[index];
    if (!key || this.text.places.has(key) || this.text.lines.length !== before.lines.length) return;
    if (`${this.text.lines[index]}]` !== before.lines[index].trimEnd()) return;
    const lines = before.without(index);
    // Not within the event: Chromium refuses a command inside another.
    setTimeout(() => this.change(lines, Math.max(0, lastWords(lines, index))));
  }

  /** @param {CompositionEvent} event */
  onComposed({ data }) {
    const start = this.composedAt;
    // Not within the event: the browser isn't done with the composition.
    setTimeout(() => {
      this.composedAt = -1;
      this.sync();
      const { value } = this.field;
      if (!data || value.slice(start, start + data.length) !== data) return;
      const index = this.lineAt(start);
      const rest = value.slice(this.offsets[index], start) + value.slice(start + data.length).split("\n", 1)[0];
      if (keyOf(rest, this.names))
        this.writeBeneath(index, data, Object.assign([...this.text.lines], { [index]: rest }));
    });
  }

  /** @param {ClipboardEvent} event */
  onCopy(event) {
    const index = this.currentLine();
    if (index < 0) return;
    event.clipboardData.setData("text/plain", this.text.lines[index]);
    event.preventDefault();
    if (event.type === "cut") this.remove(index, true);
  }

  // Pointers ----------------------------------------------------------------------------------------------------------

  /** @param {MouseEvent} event */
  onClick(event) {
    const target = /** @type {Element} */ (event.target);
    /** @type {HTMLElement | null} */
    const card = target.closest(".card");
    if (!card) return;
    if (target.closest("[data-edit]")) {
      event.preventDefault();
      this.edit(card.dataset.card);
    } else if (!target.closest("a, button:not(.grip), input, select, label")) this.select(card.dataset.card);
  }

  /** @param {PointerEvent} event */
  onPointerDown(event) {
    const grip = /** @type {Element} */ (event.target).closest(".grip");
    if (!grip || event.button) return;
    grip.setPointerCapture(event.pointerId);
    const { card: key } = /** @type {HTMLElement} */ (grip.parentElement).dataset;
    this.drag = { key, y: event.clientY, gap: -1, moves: false, scrolls: 0 };
  }

  /** @param {PointerEvent} event */
  onPointerMove({ clientY }) {
    const { drag } = this;
    if (!drag || (!drag.moves && Math.abs(clientY - drag.y) < DRAG_START)) return;
    drag.moves = true;
    drag.y = clientY;
    this.cell.classList.add("dragging");
    this.markGap();
    if (!drag.scrolls) drag.scrolls = requestAnimationFrame(() => this.scrollAtEdge());
  }

  scrollAtEdge() {
    const { drag } = this;
    if (!drag) return;
    const above = SCROLL_EDGE - drag.y;
    const below = drag.y - (innerHeight - SCROLL_EDGE);
    const step = above > 0 ? -above : Math.max(0, below);
    drag.scrolls = step ? requestAnimationFrame(() => this.scrollAtEdge()) : 0;
    if (!step) return;
    scrollBy(0, step / 4);
    this.markGap();
  }

  /** Show between which paragraphs the card would go. */
  markGap() {
    const { drag, elements, mirror } = this;
    const units = this.text.units().filter((unit) => unit.key !== drag.key);
    const boxes = units.map(({ start, end }) => ({
      top: elements[start].getBoundingClientRect().top,
      bottom: elements[end - 1].getBoundingClientRect().bottom,
    }));
    drag.gap = boxes.filter(({ top, bottom }) => (top + bottom) / 2 < drag.y).length;
    const before = boxes[drag.gap - 1]?.bottom ?? boxes[0]?.top;
    const after = boxes[drag.gap]?.top ?? before;
    mirror.append(this.dropMark);
    this.dropMark.style.insetBlockStart = `${(before + after) / 2 - mirror.getBoundingClientRect().top}px`;
  }

  onPointerUp() {
    const { drag } = this;
    this.endDrag();
    if (drag?.moves && drag.gap >= 0) this.move(drag.key, drag.gap);
  }

  endDrag() {
    if (this.drag) cancelAnimationFrame(this.drag.scrolls);
    this.drag = null;
    this.dropMark.remove();
    this.cell.classList.remove("dragging");
  }
}

/** @type {HTMLElement | null} */
const cell = document.querySelector("[data-placements]");
if (cell) new Cards(cell);
