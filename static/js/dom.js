// @ts-check
// Helpers that several scripts share.

/**
 * The parts of htmx's event details that our scripts read or set.
 * @typedef {object} HtmxDetail
 * @property {HTMLElement} elt
 * @property {HTMLElement} target
 * @property {XMLHttpRequest} xhr
 * @property {string} serverResponse
 * @property {boolean} shouldSwap
 * @property {boolean} isError
 * @property {{elt: HTMLElement}} requestConfig
 * @property {Record<string, string>} parameters
 */

/** The live region of the page. Its data attributes hold the translated sentences that scripts announce. */
export const announcements = () => document.getElementById("announcements");

/**
 * Announce a text to screen readers.
 * @param {string} text
 */
export function announce(text) {
  const region = announcements();
  if (region) region.textContent = text;
}

/**
 * Return the element of an event, or its nearest ancestor, that matches a selector.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * Create an element with attributes and text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function createElement(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/**
 * Replace a part of a text field. `insertText` keeps the browser's undo history; where it is missing, set the text.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {boolean} Whether the browser itself inserted the text, and so fired its own `input` event.
 */
export function replaceText(field, text, start, end) {
  field.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return true;
  field.setRangeText(text, start, end, "end");
  return false;
}

/**
 * Return the first text area in which something was typed.
 * @param {Element} root
 */
export function editedField(root) {
  return [...root.querySelectorAll("textarea")].find((field) => field.value !== field.defaultValue);
}

/**
 * Set a field's text as if it were typed, so that other scripts notice.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
export function typeInto(field, text) {
  field.value = text;
  moveCaretToEnd(field);
  notifyInput(field);
}

/** @param {HTMLTextAreaElement} field */
export function moveCaretToEnd(field) {
  field.setSelectionRange(field.value.length, field.value.length);
}

/** @param {HTMLElement} field */
export function notifyInput(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Whether a click asks the browser for something else than following the link, such as a new tab.
 * @param {MouseEvent} event
 */
export function hasModifierKey(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

/**
 * Focus an element that isn't focusable by itself, without scrolling to it.
 * @param {HTMLElement} element
 */
export function focusQuietly(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** htmx, on pages that load it. */
export const htmx = () => /** @type {any} */ (window).htmx;

/**
 * Listen to one of htmx's events.
 * @param {string} name Without its prefix: "load", "beforeSwap".
 * @param {(detail: HtmxDetail, event: Event) => void} listener
 */
export function onHtmx(name, listener) {
  document.addEventListener(`htmx:${name}`, (event) => listener(/** @type {CustomEvent} */ (event).detail, event));
}
