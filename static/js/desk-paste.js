// @ts-check
// Pasting into a Markdown field: formatted text becomes Markdown, which the server makes of its HTML. Plain text is
// pasted by the browser. Without scripts, all text is.
import { createElement, notifyInput, replaceText } from "./dom.js";

/**
 * A part of a field's text that moves with the text around it, while the writer goes on typing.
 * @typedef {{start: number, end: number}} Part
 */

// What makes it worth asking the server. Editors of code put coloured spans on the clipboard, which are plain text.
const FORMATTED = new RegExp(
  [
    "<(?:h[1-6]|strong|em|ul|ol|li|blockquote|table|p|u|s|sup|img|hr|i|cite|b)[\\s>/]",
    "<a\\s[^>]*href|mso-|gmail_quote|font-weight:\\s*(?:bold|[6-9]00)|font-style:\\s*italic|margin-left:",
  ].join("|"),
  "i",
);
const CODE_EDITOR = "vscode-editor-data"; // A type of the clipboard.
// What readers never see, and what makes most of the HTML's size: styles, settings of Word, pictures in URLs.
const BALLAST = /<style[\s>][\s\S]*?<\/style>|<xml>[\s\S]*?<\/xml>|(?:src|href)="data:[^"]*"/gi;
const BLOCK_START = /^(?:[#>|]|[-*] |\d+[.)] |```|\*\*\*$|\[\^\d+\]:)/m;
const SENTENCE_END = /[.!?…。！？؟।:][\])"'’”»›“‘]*$/;
const MAX_WAIT = 15_000; // Milliseconds; then the text is pasted plain.

/**
 * @param {HTMLTextAreaElement} field
 * @param {Record<string, string>} labels
 */
export function enablePaste(field, labels) {
  const status = createElement("p", { class: "paste-status", role: "status" });
  (field.closest(".text-cell") ?? field).after(status); // Cards are drawn over the field in its cell.
  /** @type {Set<Part>} */
  const parts = new Set();
  let before = field.value;
  let waiting = 0;
  let plain = false;

  /** @param {Part} part */
  const forget = (part) => parts.delete(part);

  /** @param {...(string | Node)} content */
  const say = (...content) => status.replaceChildren(...content);

  field.addEventListener("input", () => {
    for (const part of parts) Object.assign(part, moved(part, before, field.value));
    before = field.value;
  });

  /**
   * @param {Part} part
   * @param {string} text
   */
  const insert = (part, text) => {
    const { selectionStart, selectionEnd } = field;
    const wasThere = selectionStart === part.start && selectionEnd === part.end;
    const length = field.value.length;
    forget(part);
    const native = replaceText(field, text, part.start, part.end);
    const growth = field.value.length - length;
    if (!wasThere) {
      const shift = (/** @type {number} */ at) => (at >= part.end ? at + growth : Math.min(at, part.start));
      field.setSelectionRange(shift(selectionStart), shift(selectionEnd));
    }
    if (!native) notifyInput(field);
  };

  /**
   * Offer to make a paragraph of each line, if each ends a sentence.
   * @param {Part} part
   * @param {string} text
   */
  const offerParagraphs = (part, text) => {
    const lines = text.split("\n");
    if (lines.length < 2 || !lines.every((line) => SENTENCE_END.test(line.trim()))) return forget(part);
    const button = createElement("button", { type: "button", class: "button quiet" }, labels.makeParagraphs);
    button.addEventListener("click", () => {
      say();
      field.focus();
      if (field.value.slice(part.start, part.end) === text) insert(part, lines.join("\n\n"));
      forget(part);
    });
    say(`${labels.askParagraphs} `, button);
  };

  /**
   * Let the browser paste, and then look at what it pasted.
   * @param {string} text
   */
  const pastePlain = (text) => {
    const pasted = text.replace(/\r\n?/g, "\n").trim();
    const place = { start: field.selectionStart, end: field.selectionStart };
    say();
    field.addEventListener(
      "input",
      () => {
        const start = field.value.indexOf(pasted, place.start);
        if (!pasted || start < 0) return;
        const part = { start, end: start + pasted.length };
        parts.add(part);
        offerParagraphs(part, pasted);
      },
      { once: true },
    );
  };

  /**
   * @param {string} html
   * @param {string} text
   */
  const pasteFormatted = async (html, text) => {
    const part = { start: field.selectionStart, end: field.selectionEnd };
    parts.add(part);
    waiting += 1;
    field.setAttribute("aria-busy", "true");
    say(labels.pasting);
    try {
      const { markdown, lacks } = await convert(field, html);
      insert(part, separated(field.value, part, withOwnLabels(field.value, markdown)));
      say(lacks);
    } catch {
      insert(part, text.replace(/\r\n?/g, "\n"));
      say(labels.pastedPlain);
    } finally {
      waiting -= 1;
      if (!waiting) field.removeAttribute("aria-busy");
    }
  };

  field.addEventListener("keydown", ({ key, ctrlKey, metaKey, shiftKey }) => {
    plain = (ctrlKey || metaKey) && shiftKey && key.toLowerCase() === "v";
  });
  field.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    if (files.length && !types.includes("text/plain")) return;
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    if (plain || types.includes(CODE_EDITOR) || !FORMATTED.test(html)) return pastePlain(text);
    event.preventDefault();
    pasteFormatted(html, text);
  });
}

/**
 * Return where a part is after the text around it has changed.
 * @param {Part} part
 * @param {string} before
 * @param {string} after
 * @returns {Part}
 */
function moved({ start, end }, before, after) {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same += 1;
  let sameAtEnd = 0;
  while (sameAtEnd < shorter - same && before.at(-1 - sameAtEnd) === after.at(-1 - sameAtEnd)) sameAtEnd += 1;
  const changeEnd = before.length - sameAtEnd;
  const growth = after.length - before.length;
  /** @param {number} at */
  const shift = (at) => {
    if (at <= same) return at;
    return at >= changeEnd ? at + growth : same;
  };
  return { start: shift(start), end: shift(end) };
}

/**
 * Ask the server for the Markdown of HTML.
 * @param {HTMLTextAreaElement} field
 * @param {string} html
 * @returns {Promise<{markdown: string, lacks: string}>}
 */
async function convert(field, html) {
  const body = new FormData();
  body.set("html", html.replace(BALLAST, ""));
  /** @type {HTMLInputElement | null} */
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const headers = { "X-CSRFToken": token?.value ?? "" };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), MAX_WAIT);
  try {
    const response = await fetch(field.dataset.pasteUrl, { method: "POST", body, headers, signal: stop.signal });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    return await response.json();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Number pasted footnotes after those of the text.
 * @param {string} value
 * @param {string} markdown
 */
function withOwnLabels(value, markdown) {
  const highest = Math.max(0, ...[...value.matchAll(/\[\^(\d{1,6})\]/g)].map(([, number]) => Number(number)));
  return markdown.replace(/\[\^(\d{1,6})\]/g, (label, number, at) =>
    markdown[at - 1] === "\\" ? label : `[^${Number(number) + highest}]`,
  );
}

/**
 * Separate pasted blocks from the text around them by blank lines.
 * @param {string} value
 * @param {Part} part
 * @param {string} markdown
 */
function separated(value, { start, end }, markdown) {
  if (!markdown.includes("\n\n") && !BLOCK_START.test(markdown)) return markdown;
  const above = value.slice(0, start);
  const below = value.slice(end);
  const gapAbove = above.trim() ? "\n\n".slice(Math.min(2, above.length - above.trimEnd().length)) : "";
  const gapBelow = below.trim() ? "\n\n".slice(Math.min(2, below.length - below.trimStart().length)) : "";
  return gapAbove + markdown + gapBelow;
}
