// @ts-check
// Suggestions below a text field, following the ARIA combobox pattern: arrow keys, Enter, Escape, and the number of
// suggestions announced. The field names its source: <input data-suggest="/topics/suggest/">. In a text area, reader
// names are suggested after an @. It keeps the role of a text box, because a combobox is a single-line field.
import { closest, createElement, notifyInput, onHtmx, replaceText } from "./dom.js";

const TYPING_PAUSE = 150; // Milliseconds after the last key, so that a word makes one request and not seven.
const MENTION = /(?:^|[^\p{L}\p{M}\p{N}_.@/-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,39})$/u;
let lastNumber = 0;

/**
 * What differs between the two kinds of field: the text to search for, and where the chosen name goes.
 * @typedef {object} Completion
 * @property {() => string} query
 * @property {(name: string, query: string) => void} insert
 */

/**
 * @param {HTMLInputElement} field
 * @returns {Completion}
 */
const wholeField = (field) => ({
  query: () => field.value.trim(),
  insert: (name) => {
    field.value = name;
  },
});

/**
 * @param {HTMLTextAreaElement} field
 * @returns {Completion}
 */
const mention = (field) => ({
  query: () => {
    if (field.selectionStart !== field.selectionEnd) return "";
    return field.value.slice(0, field.selectionEnd).match(MENTION)?.[1] ?? "";
  },
  insert: (name, query) => {
    const end = field.selectionEnd;
    const text = /^\s/.test(field.value.slice(end)) ? name : `${name} `;
    if (!replaceText(field, text, end - query.length, end)) notifyInput(field);
  },
});

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
function enhance(field) {
  if (field.getAttribute("aria-autocomplete")) return;
  const isTextArea = field instanceof HTMLTextAreaElement;
  const { query, insert } = isTextArea ? mention(field) : wholeField(field);
  const id = `suggestions-${++lastNumber}`;
  const hadFocus = document.activeElement === field;
  const box = createElement("div", { class: "combobox" });
  const list = createElement("ul", { id, role: "listbox", "aria-label": field.labels?.[0]?.textContent ?? "" });
  const status = createElement("span", { class: "sr-only", role: "status" });
  list.hidden = true;
  if (isTextArea) {
    field.after(box);
    box.append(list, status);
    field.setAttribute("aria-haspopup", "listbox");
  } else {
    field.replaceWith(box);
    box.append(field, list, status);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "false");
  }
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  if (hadFocus) field.focus();
  let activeIndex = -1;
  let timer = 0;
  /** @type {AbortController | null} */
  let request = null;

  /** @param {boolean} open */
  const setOpen = (open) => {
    list.hidden = !open;
    activeIndex = -1;
    field.removeAttribute("aria-activedescendant");
    if (!isTextArea) field.setAttribute("aria-expanded", String(open));
  };
  const close = () => {
    request?.abort();
    clearTimeout(timer);
    setOpen(false);
  };
  /** @param {HTMLElement} option */
  const choose = (option) => {
    const replaced = query();
    close();
    field.focus();
    insert(option.dataset.name, replaced);
  };
  /** @param {number} index May be past either end: the list wraps around. */
  const activate = (index) => {
    const options = [...list.children];
    if (!options.length) return;
    activeIndex = (index + options.length) % options.length;
    options.forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === activeIndex));
    });
    options[activeIndex].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[activeIndex].id);
  };
  /** @param {{options: {name: string, note: string}[], status: string}} answer */
  const show = ({ options, status: sentence }) => {
    const items = options.map(({ name, note }, index) => {
      const item = createElement("li", { id: `${id}-${index}`, role: "option", "aria-selected": "false" });
      item.dataset.name = name;
      item.append(createElement("bdi", {}, name), " ", createElement("small", {}, note));
      return item;
    });
    list.replaceChildren(...items);
    setOpen(items.length > 0);
    // Don't announce that a text area has no suggestions: most @ signs aren't mentions.
    status.textContent = items.length || !isTextArea ? sentence : "";
  };
  const search = async () => {
    request?.abort();
    const text = query();
    if (!text) return close();
    request = new AbortController();
    const url = new URL(field.dataset.suggest, location.href);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { signal: request.signal });
      const isCurrent = query() === text && document.activeElement === field;
      if (response.ok && isCurrent) show(await response.json());
    } catch {
      // Offline or aborted: the field works without suggestions.
    }
  };

  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isTextArea && list.hidden) return; // The keys move the caret.
      event.preventDefault();
      if (list.hidden) search();
      else if (event.key === "ArrowDown") activate(activeIndex + 1);
      else activate(activeIndex < 0 ? -1 : activeIndex - 1);
    } else if ((event.key === "Enter" || (isTextArea && event.key === "Tab")) && activeIndex >= 0) {
      event.preventDefault();
      choose(/** @type {HTMLElement} */ (list.children[activeIndex]));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation(); // Close the list, not the form around the field.
      close();
    } else if (["Enter", "Tab", "ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      close();
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (isTextArea && !query()) return close();
    timer = setTimeout(search, TYPING_PAUSE);
  });
  /** @type {HTMLElement} */ (field).addEventListener("keydown", onKeyDown);
  field.addEventListener("blur", close);
  if (isTextArea) field.addEventListener("click", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // Keep the focus in the field.
  list.addEventListener("click", (event) => {
    const option = closest(event, "[role=option]");
    if (option) choose(option);
  });
}

/** @param {ParentNode} root */
function enhanceAll(root) {
  /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement> | undefined} */
  const fields = root.querySelectorAll?.("[data-suggest]");
  fields?.forEach(enhance);
}

enhanceAll(document);
onHtmx("load", ({ elt }) => enhanceAll(elt));
