// @ts-check
// Pictures, pull quotes and “Also on” boxes as lines of an article's text: where they are, and the text with one of them
// elsewhere. What the lines mean is decided by the server, in articles/publishing/companion_lines.py.

/**
 * @typedef {object} Names What a line begins with.
 * @property {Map<string, string>} kinds The kind by each of its names, in any language of the interface, folded.
 * @property {(key: string) => boolean} isKnown Whether the page has a row for it.
 *
 * A paragraph, or the line of a row: lines from `start` up to, without, `end`.
 * @typedef {{start: number, end: number, key: string}} Unit
 */

const BLANK = "[ \\t\\u00a0\\u202f]*";
const LINE = new RegExp(`^\\[([^\\[\\]:0-9]+)([0-9]{1,9})${BLANK}(?::[^]*)?\\]${BLANK}$`);
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/s;

/** @param {string} line */
export const isBlank = (line) => /^[ \t]*$/.test(line);

/** @param {string} name */
export const fold = (name) => name.normalize("NFC").replace(/\s+/g, " ").trim().toLowerCase();

/**
 * Return the row that a line names, as "picture:1", or nothing.
 * @param {string} line
 * @param {Names} names
 */
export function keyOf(line, { kinds, isKnown }) {
  const found = line[0] === "[" && LINE.exec(line);
  const kind = found && kinds.get(fold(found[1]));
  const key = kind ? `${kind}:${Number(found[2])}` : "";
  return key && isKnown(key) ? key : "";
}

/** A text, and which of its lines stand for rows: the first of each row, outside code. */
export class LinedText {
  /**
   * @param {string[]} lines
   * @param {Names} names
   */
  constructor(lines, names) {
    this.lines = lines;
    this.names = names;
    /** @type {string[]} */
    this.keys = [];
    /** @type {Map<string, number>} */
    this.places = new Map();
    /** @type {boolean[]} */
    this.isCode = [];
    let fence = "";
    lines.forEach((line, index) => {
      const mark = FENCE.exec(line);
      this.isCode.push(fence !== "");
      if (fence) {
        if (mark?.[1].startsWith(fence) && isBlank(mark[2])) fence = "";
      } else if (mark && !(mark[1][0] === "`" && mark[2].includes("`"))) {
        fence = mark[1];
      }
      const key = this.isCode[index] ? "" : keyOf(line, names);
      const isFirst = key && !this.places.has(key);
      if (isFirst) this.places.set(key, index);
      this.keys.push(isFirst ? key : "");
    });
  }

  /** @returns {Unit[]} */
  units() {
    /** @type {Unit[]} */
    const units = [];
    let isOpen = false;
    this.lines.forEach((line, start) => {
      const key = this.keys[start];
      if (isOpen && !key && (this.isCode[start] || !isBlank(line))) units[units.length - 1].end = start + 1;
      else if (key || !isBlank(line)) units.push({ start, end: start + 1, key });
      isOpen = !key && (this.isCode[start] || !isBlank(line));
    });
    return units;
  }

  /**
   * Return the line whose card lies at this one: cards cover the blank lines beside them.
   * @param {number} index
   */
  cardAt(index) {
    if (this.keys[index]) return index;
    if (!isBlank(this.lines[index])) return -1;
    return [index - 1, index + 1].find((beside) => this.keys[beside]) ?? -1;
  }

  /**
   * Return the lines without one of them, and with a blank line between what was before and after it.
   * @param {number} index
   */
  without(index) {
    const lines = [...this.lines];
    const [blankBefore, blankAfter] = [index - 1, index + 1].map((at) => !(at in lines) || isBlank(lines[at]));
    if (!blankBefore && !blankAfter) lines[index] = "";
    else if (!blankBefore || !blankAfter) lines.splice(index, 1);
    else lines.splice(Math.max(0, index - 1), 2);
    return lines;
  }

  /**
   * Return the lines with one more after so many units, and where it is.
   * @param {string} line
   * @param {number} gap
   * @returns {{lines: string[], index: number}}
   */
  with(line, gap) {
    const units = this.units();
    if (!units.length) return { lines: [line], index: 0 };
    if (!gap) return { lines: [line, "", ...this.lines.slice(units[0].start)], index: 0 };
    const { end } = units[Math.min(gap, units.length) - 1];
    const after = this.lines.slice(end);
    if (after.length && !isBlank(after[0])) after.unshift("");
    return { lines: [...this.lines.slice(0, end), "", line, ...after], index: end + 1 };
  }

  /**
   * Return the text with the line of a row after so many of the other units, and where the line is.
   * @param {string} key
   * @param {number} gap
   */
  moved(key, gap) {
    const index = this.places.get(key);
    return new LinedText(this.without(index), this.names).with(this.lines[index], gap);
  }

  /** Return for the line of each row after which paragraph it is: 0 for one before all of them. */
  paragraphs() {
    /** @type {Map<string, number>} */
    const paragraphs = new Map();
    let number = 0;
    for (const { key } of this.units()) {
      if (key) paragraphs.set(key, number);
      else number += 1;
    }
    return paragraphs;
  }
}
