// @ts-check
// Help with typing on the desk: a toolbar above each Markdown field, suggestions for fields that name a row, and the
// time on the button that schedules. Without scripts, all of these are plain fields.
import { enablePaste } from "./desk-paste.js";
import { createElement, notifyInput, replaceText } from "./dom.js";

/**
 * @typedef {Record<string, string>} Labels Translated texts, by their key in articles/publishing/form_fields.py.
 *
 * What a button makes of the selection: the new text, and how much of its start and end isn't to be selected. What is
 * selected is what the writer types next.
 * @callback Format
 * @param {string} text
 * @param {Labels} labels
 * @returns {[text: string, before: number, after: number]}
 */

/** @type {(mark: string) => Format} */
const wrap = (mark) => (text, labels) => [mark + (text || labels.words) + mark, mark.length, mark.length];
/** @type {(prefix: string) => Format} */
const prefixLines = (prefix) => (text) => {
  const lines = text.split("\n").map((line) => prefix + line);
  return [lines.join("\n"), prefix.length, 0];
};
const ADDRESS = "https://";
/**
 * Around selected words, the address is typed next; around a selected address, or nothing, the words are.
 * @type {Format}
 */
const link = (text, labels) => {
  const isAddress = /^https?:\/\/\S+$/.test(text);
  const words = isAddress ? labels.words : text || labels.words;
  const address = isAddress ? text : ADDRESS;
  const typesAddress = text && !isAddress;
  return [`[${words}](${address})`, typesAddress ? words.length + 3 : 1, typesAddress ? 1 : address.length + 3];
};
/** @type {[name: string, key: string, format: Format][]} */
const FORMATS = [
  ["bold", "b", wrap("**")],
  ["italic", "i", wrap("*")],
  ["link", "k", link],
  ["quotation", "", prefixLines("> ")],
  ["heading", "", prefixLines("## ")],
  ["list", "", prefixLines("- ")],
];

/**
 * @param {HTMLTextAreaElement} field
 * @param {Format} format
 * @param {Labels} labels
 */
function apply(field, format, labels) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const [text, before, after] = format(value.slice(start, end), labels);
  field.focus();
  replaceText(field, text, start, end);
  field.setSelectionRange(start + before, start + text.length - after);
  notifyInput(field);
}

const quotes = document.getElementById("pull_quotes-group");
const status = createElement("p", { class: "sr-only", role: "status" });

/** @returns {HTMLTextAreaElement[]} */
const quoteFields = () => {
  const fields = quotes.querySelectorAll(/** @type {"textarea"} */ ("textarea[name$='-text']"));
  return [...fields].filter((field) => !field.name.includes("__prefix__"));
};
const emptyQuoteField = () => quoteFields().find((field) => !field.value);

/** @param {string} text */
const collapseSpace = (text) => text.replace(/\s+/g, " ").trim();

/** @param {string} markdown */
const withoutMarkup = (markdown) =>
  collapseSpace(markdown.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/^[#>\s-]+|[*_`]+/gm, ""));

/**
 * Copy the selected text, without Markdown, into the first empty pull quote. The server places the quote after the
 * paragraph in which it occurs.
 * @param {HTMLTextAreaElement} field
 * @param {Labels} labels
 */
function addPullQuote(field, labels) {
  const text = withoutMarkup(field.value.slice(field.selectionStart, field.selectionEnd));
  if (!text) {
    status.textContent = labels.selectFirst;
    return;
  }
  if (quoteFields().some((quote) => collapseSpace(quote.value) === text)) {
    status.textContent = labels.already;
    return;
  }
  quotes.dataset.keepFocus = ""; // The focus stays in the text, not in the new row.
  /** @type {HTMLElement | null} */
  const addLink = quotes.querySelector(".add-row a");
  if (!emptyQuoteField()) addLink?.click();
  delete quotes.dataset.keepFocus;
  const quote = emptyQuoteField();
  if (!quote) return;
  quote.value = text;
  notifyInput(quote);
  const { selectionStart, selectionEnd } = field;
  quote.dispatchEvent(new Event("change", { bubbles: true })); // Its line comes beneath the paragraph.
  field.setSelectionRange(selectionStart, selectionEnd);
  status.textContent = `${labels.quoted} ${text}`;
}

/**
 * Whether the key is Q: by its letter, or by its position where Alt types another character (as on a Mac) and on
 * keyboards that aren't Latin.
 * @param {KeyboardEvent} event
 */
const isQ = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() === "q" : code === "KeyQ");

/**
 * @param {HTMLTextAreaElement} field
 * @param {Labels} labels
 */
function pullQuoteButton(field, labels) {
  const title = `${labels.pullQuote} (Alt+Q)`;
  const button = createElement("button", { type: "button", title, "aria-keyshortcuts": "Alt+Q" }, labels.pullQuote);
  button.addEventListener("click", () => {
    addPullQuote(field, labels);
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || !isQ(event)) return;
    event.preventDefault();
    addPullQuote(field, labels);
  });
  (field.closest("[data-placements]") ?? field).after(status);
  return button;
}

/**
 * Buttons for what is placed in the text: a picture from a file, the selection as a pull quote, a box with a link.
 * @param {HTMLTextAreaElement} field
 * @param {Labels} labels
 */
function placementButtons(field, labels) {
  const picture = createElement("button", { type: "button", class: "place first" }, labels.picture);
  picture.addEventListener("click", () => document.getElementById("choose-pictures")?.click());
  const alsoOn = createElement("button", { type: "button", class: "place" }, labels.alsoOn);
  alsoOn.addEventListener("click", addBox);
  const quote = pullQuoteButton(field, labels);
  quote.classList.add("place");
  const buttons = [picture, quote, alsoOn];
  for (const button of buttons) button.prepend(createElement("span", { "aria-hidden": "true" }, "+"));
  return buttons;
}

/** Go to the first empty box, in the panel. Its line comes beneath the writer's paragraph as soon as it has words. */
function addBox() {
  const group = document.getElementById("related_links-group");
  const empty = () =>
    [.../** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll("input[name$='-headline']"))].find(
      ({ name, value }) => !value && !/^initial-|__prefix__/.test(name),
    );
  /** @type {HTMLElement | null} */
  const addLink = group.querySelector(".add-row a");
  if (!empty()) addLink?.click();
  group.closest("details")?.setAttribute("open", "");
  empty()?.focus();
}

/** @param {HTMLTextAreaElement} field */
function addToolbar(field) {
  /** @type {Labels} */
  const labels = JSON.parse(field.dataset.labels || "{}");
  const toolbar = createElement("div", { class: "toolbar", role: "group", "aria-label": labels.tools });
  for (const [name, key, format] of FORMATS) {
    const button = createElement("button", { type: "button" }, labels[name]);
    if (key) button.setAttribute("aria-keyshortcuts", `Control+${key.toUpperCase()}`);
    button.addEventListener("click", () => apply(field, format, labels));
    toolbar.append(button);
  }
  if (quotes) toolbar.append(...placementButtons(field, labels));
  (field.closest("[data-placements]") ?? field).before(toolbar);
  if (field.dataset.pasteUrl) enablePaste(field, labels);
  field.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    const found = FORMATS.find(([, key]) => key && key === event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    apply(field, found[2], labels);
  });
}

/** @type {NodeListOf<HTMLTextAreaElement>} */
const markdownFields = document.querySelectorAll("textarea[data-markdown]");
markdownFields.forEach(addToolbar);

/**
 * Grow a field with its text, for engines without `field-sizing`. The server has made a guess, without knowing the width.
 * @param {HTMLTextAreaElement} field
 */
function fitRows(field) {
  field.rows = FEWEST_ROWS;
  while (field.scrollHeight > field.clientHeight && field.rows < MOST_ROWS) field.rows += 1;
}
const FEWEST_ROWS = 1;
const MOST_ROWS = 12;
const growsByItself = CSS.supports("field-sizing", "content");

// A headline is a single line that wraps: Enter saves, as in any other single-line field.
/** @type {NodeListOf<HTMLTextAreaElement>} */
const headlineFields = document.querySelectorAll("textarea.one-line");
for (const field of headlineFields) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector("[name=_save]"));
  });
  if (growsByItself) continue;
  fitRows(field);
  field.addEventListener("input", () => fitRows(field));
  addEventListener("resize", () => fitRows(field));
}

// Suggestions for fields that name a row, by one listener, so that rows which Django adds later have them too.
let suggestTimer = 0;
let lastNumber = 0;

/** @param {HTMLInputElement} field */
async function suggest(field) {
  if (!field.list) {
    const id = `choose-${++lastNumber}`;
    field.after(createElement("datalist", { id }));
    field.setAttribute("list", id);
  }
  const typed = field.value;
  const response = await fetch(`${field.dataset.autocompleteUrl}&term=${encodeURIComponent(typed)}`);
  if (!response.ok) return;
  /** @type {{results: {id: string, text: string}[]}} */
  const { results } = await response.json();
  if (field.value !== typed) return; // A later answer has come, or will.
  field.list.replaceChildren(...results.map(({ id, text }) => new Option(text, `${text} #${id}`)));
}
document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  if (!target.dataset.autocompleteUrl || /#\d+$/.test(target.value)) return;
  clearTimeout(suggestTimer);
  // Offline, the field works without suggestions.
  suggestTimer = setTimeout(() => suggest(target).catch(() => {}), 200);
});

/**
 * Say on the button for when it schedules. The field is in the site's time zone, so its value is formatted as it is.
 * @param {HTMLInputElement} timeField
 * @param {HTMLElement} button
 */
function showScheduledTime(timeField, button) {
  const originalText = button.textContent;
  const { lang } = document.documentElement;
  const locale = lang === "en" ? "en-GB" : lang;
  const update = () => {
    const time = new Date(`${timeField.value}Z`);
    if (Number.isNaN(time.getTime())) {
      button.textContent = originalText;
      return;
    }
    /** @param {Intl.DateTimeFormatOptions} options */
    const format = (options) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(time);
    /** @type {Intl.DateTimeFormatOptions} */
    const dayOptions = { weekday: "long", day: "numeric", month: "long" };
    if (time.getUTCFullYear() !== new Date().getFullYear()) dayOptions.year = "numeric";
    const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    button.textContent = `${button.dataset.scheduleLabel} ${format(dayOptions)}, ${clock} (${button.dataset.zone})`;
  };
  timeField.addEventListener("input", update);
}

/** @type {HTMLInputElement | null} */
const scheduleField = document.querySelector("[name=schedule_for]");
/** @type {HTMLElement | null} */
const scheduleButton = document.querySelector("[data-schedule-label]");
if (scheduleField && scheduleButton) showScheduledTime(scheduleField, scheduleButton);
