// @ts-check
// Responses to a passage or a picture, opened beside or below it. Each control is a link to a page that does the same without
// scripts.
import { closest, editedField, focusQuietly, hasModifierKey, htmx, typeInto } from "./dom.js";

const LONGEST_QUERY = 3000; // Bytes of selected text in a URL. For more than that, respond to the whole paragraph.
const MARGIN = 16; // Pixels between a panel beside the text and the edge of the window.
const CONTEXT = 64; // Characters before the selection, to tell it from the same words elsewhere in the paragraph.
const NOT_TEXT = ".sr-only, .respond-link, .dateline, .footnote-ref, .footnote-back"; // What the layout adds to a paragraph's own text.
const SELECTION_PAUSE = 250; // Milliseconds after the last change of the selection.

/**
 * Selected text, and the control of its paragraph as it was before.
 * @typedef {{place: string, text: string, before: string, html: string, label: string | null}} Selected
 */

/** @param {HTMLElement} story The article. */
function enableResponses(story) {
  const selectionLabel = story.dataset.respondLabel;
  const body = story.querySelector(".text");
  /** Panels by the id of their paragraph or quote. @type {Map<string, HTMLElement>} */
  const panels = new Map();
  /** @type {Selected | null} */
  let selected = null;
  /** The selection when a pointer pressed: pressing clears it. @type {Selected | null} */
  let pressed = null;

  /**
   * @param {string} place
   * @returns {HTMLElement | null}
   */
  const control = (place) => document.querySelector(`#${place} .respond-link`);

  /** @param {string} place */
  const updateControl = (place) => {
    const panel = panels.get(place);
    const isOpen = Boolean(panel?.isConnected) && !panel.hidden;
    control(place)?.setAttribute("aria-expanded", String(isOpen));
  };
  // Beside its paragraph, as far as it fits into the window, so that the page needn't scroll. CSS ignores the position
  // where the panel is below the paragraph.
  /** @param {string} place */
  const positionPanel = (place) => {
    const panel = panels.get(place);
    const paragraph = document.getElementById(place);
    if (!paragraph || panel.hidden) return;
    const lowest = innerHeight - panel.offsetHeight - MARGIN;
    const top = Math.max(MARGIN, Math.min(paragraph.getBoundingClientRect().top, lowest));
    panel.style.setProperty("--panel-top", `${top - body.getBoundingClientRect().top}px`);
  };
  // A panel with unposted text is only hidden.
  /** @param {string} place */
  const closePanel = (place) => {
    const panel = panels.get(place);
    if (editedField(panel)) panel.hidden = true;
    else {
      panel.remove();
      panels.delete(place);
    }
    updateControl(place);
  };
  /** @param {string} place */
  const closeOthers = (place) => {
    for (const other of [...panels.keys()]) if (other !== place) closePanel(other);
  };
  /** @param {string} place */
  const closeAndReturn = (place) => {
    closePanel(place);
    control(place)?.focus({ preventScroll: true });
  };

  /**
   * @param {HTMLElement} panel
   * @param {string} html
   */
  const fillPanel = (panel, html) => {
    const unposted = editedField(panel)?.value;
    panel.innerHTML = html;
    htmx()?.process(panel);
    htmx()?.trigger(panel, "htmx:load", { elt: panel });
    const field = panel.querySelector("textarea");
    if (unposted && field) typeInto(field, unposted);
    positionPanel(panel.dataset.place);
    /** @type {HTMLElement | null} */
    const first = panel.querySelector("[autofocus]");
    first?.focus(); // Scrolls only as far as needed to show it.
  };
  /**
   * @param {string} place
   * @param {URL} url
   */
  const openPanel = async (place, url) => {
    const response = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const html = await response.text();
    closeOthers(place);
    let panel = panels.get(place);
    if (!panel) {
      panel = document.createElement("div");
      panel.className = "response-panel";
      panel.dataset.place = place;
      document.getElementById(place).after(panel);
      panels.set(place, panel);
    }
    panel.hidden = false;
    updateControl(place);
    fillPanel(panel, html);
  };

  story.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (closest(event, ".respond-link"));
    if (!link || hasModifierKey(event)) return;
    event.preventDefault();
    const place = link.closest("[id]").id;
    const selection = [pressed, selected].find((candidate) => candidate?.place === place);
    const panel = panels.get(place);
    clearSelection();
    if (panel && !selection) {
      if (!panel.hidden) return closeAndReturn(place);
      closeOthers(place);
      panel.hidden = false;
      updateControl(place);
      positionPanel(place);
      return panel.querySelector("textarea").focus();
    }
    const url = new URL(link.href);
    if (selection && encodeURIComponent(selection.text).length <= LONGEST_QUERY) {
      url.searchParams.set("words", selection.text);
      url.searchParams.set("before", selection.before);
    }
    openPanel(place, url).catch(() => location.assign(url));
  });
  story.addEventListener("click", (event) => {
    const place = closest(event, ".response-panel")?.dataset.place;
    if (!place) return;
    if (closest(event, ".close, .cancel")) {
      event.preventDefault();
      return closeAndReturn(place);
    }
    // Go to the same comment in the discussion, where it can be replied to.
    const id = closest(event, ".comment-actions a")
      ?.getAttribute("href")
      .match(/^\/comments\/(\d+)\/$/)?.[1];
    const comment = id && document.getElementById(`comment-${id}`);
    if (!comment) return;
    event.preventDefault();
    focusQuietly(comment);
    comment.scrollIntoView({ block: "start" });
  });
  story.addEventListener("keydown", (event) => {
    const place = closest(event, ".response-panel")?.dataset.place;
    if (event.key === "Escape" && place && !event.defaultPrevented) closeAndReturn(place);
  });

  /** @param {Range} range */
  const textOf = (range) => {
    const fragment = range.cloneContents();
    const additions = [...fragment.querySelectorAll(NOT_TEXT)];
    for (const element of additions) element.remove();
    const hasDateline = additions.some((element) => element.matches(".dateline"));
    const text = hasDateline ? fragment.textContent.replace(/^\s*—/, "") : fragment.textContent;
    return text.replace(/\s+/g, " ").trim();
  };
  const clearSelection = () => {
    if (selected) {
      const link = control(selected.place);
      if (link) {
        link.classList.remove("for-selection");
        link.innerHTML = selected.html;
        if (selected.label !== null) link.setAttribute("aria-label", selected.label);
      }
    }
    selected = pressed = null;
  };
  // Selecting text inside a paragraph turns the paragraph's control into one for the selected text.
  const readSelection = () => {
    const selection = getSelection();
    if (pressed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0).cloneRange();
    const start = range.startContainer;
    const startElement = start instanceof Element ? start : start.parentElement;
    const paragraph = startElement.closest(".story .text > [id]:not(figure)");
    /** @type {HTMLElement | null} */
    const link = paragraph?.querySelector(".respond-link");
    if (selection.isCollapsed || !link) return clearSelection();
    if (!paragraph.contains(range.endContainer)) range.setEndAfter(paragraph.lastChild);
    const text = textOf(range);
    if (!text) return clearSelection();
    const place = paragraph.id;
    if (selected && selected.place !== place) clearSelection();
    const preceding = document.createRange();
    preceding.setStart(paragraph, 0);
    preceding.setEnd(range.startContainer, range.startOffset);
    const { html, label } = selected ?? { html: link.innerHTML, label: link.getAttribute("aria-label") };
    selected = { place, text, before: textOf(preceding).slice(-CONTEXT), html, label };
    const shown = document.createElement("span");
    shown.textContent = selectionLabel;
    link.replaceChildren(shown);
    link.setAttribute("aria-label", selectionLabel);
    const lastLine = [...range.getClientRects()].at(-1);
    const offset = lastLine.bottom - paragraph.getBoundingClientRect().top + 8;
    link.style.setProperty("--selection-end", `${offset}px`);
    link.classList.add("for-selection");
  };
  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(readSelection, SELECTION_PAUSE);
  });
  document.addEventListener(
    "pointerdown",
    (event) => {
      pressed = closest(event, ".respond-link") && selected ? { ...selected } : null;
    },
    true,
  );

  for (const link of story.querySelectorAll(".respond-link")) link.setAttribute("aria-expanded", "false");
  addEventListener("resize", () => {
    for (const place of panels.keys()) positionPanel(place);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const place of panels.keys()) updateControl(place);
  });
}

/** @type {HTMLElement | null} */
const story = document.querySelector(".story");
if (story?.querySelector(".respond-link")) enableResponses(story);
