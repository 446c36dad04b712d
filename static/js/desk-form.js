// @ts-check
// Forms of the desk: whether typed text is saved, names for rows that are added, and where the keyboard focus goes.
import { announcements, createElement, onHtmx } from "./dom.js";

const TAB_BYTES = 11; // Of the name of a form: 22 digits, as long as the server's names.
const SEND_TIMEOUT = 30_000; // Milliseconds until a form that was sent and is still there counts as open again.

/**
 * Keep the line above the form that says who else is editing and whether changes are saved. Each part is announced only
 * when it changes.
 * @param {HTMLElement} line
 */
function watchStatusLine(line) {
  let renewed = false;
  /** @param {Element} part */
  const setPart = (part) => {
    const current = line.querySelector(`.${part.className}`);
    if (!current) line.append(" ", part);
    else if (current.textContent !== part.textContent) current.replaceWith(part);
  };
  /** @param {string} text */
  const showUnsaved = (text) => {
    line.querySelector(".keeping")?.remove();
    setPart(createElement("span", { class: "unsaved" }, text));
  };
  // Signing in, in another tab, invalidates the token of every open form. The same page has a new one.
  const renewToken = async () => {
    const response = await fetch(line.dataset.tokenUrl);
    if (response.redirected) {
      showUnsaved(line.dataset.signedOut);
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    /** @type {HTMLInputElement | null} */
    const newField = page.querySelector("[name=csrfmiddlewaretoken]");
    if (!response.ok || !newField?.value) {
      showUnsaved(line.dataset.failed);
      return;
    }
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = document.querySelectorAll("[name=csrfmiddlewaretoken]");
    for (const field of fields) field.value = newField.value;
    line.dispatchEvent(new Event("again"));
  };
  // Once the form is sent, its text is saved: an autosave after that would call it unsaved, and no preview is wanted.
  let isSent = false;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target !== line.closest("form")) return;
    isSent = true;
    for (const element of [line, document.getElementById("preview")]) element?.dispatchEvent(new Event("htmx:abort"));
    setTimeout(() => {
      isSent = false; // Still the same page: no answer came.
    }, SEND_TIMEOUT);
  });
  // The browser's Back brings the form again as it was sent. Autosaves of a saved form are no longer taken, since one may
  // have been on its way; what is typed now is autosaved as that of another form, and merged when it is saved.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !isSent) return;
    isSent = false;
    /** @type {HTMLInputElement} */
    const name = line.closest("form").querySelector("[name=tab]");
    const bytes = crypto.getRandomValues(new Uint8Array(TAB_BYTES));
    name.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    line.dispatchEvent(new Event("again"));
  });
  onHtmx("beforeRequest", (detail, event) => {
    if (isSent && (detail.elt === line || detail.elt.id === "preview")) event.preventDefault();
  });
  onHtmx("beforeSwap", (detail) => {
    if (detail.target !== line) return;
    detail.shouldSwap = detail.isError = false;
    const { status } = detail.xhr;
    if (status === 403 && !renewed) {
      renewed = true;
      renewToken().catch(() => showUnsaved(line.dataset.failed));
    } else if (status >= 400) {
      showUnsaved(status === 401 ? line.dataset.signedOut : line.dataset.failed);
      if (status === 401) renewed = false;
    } else {
      renewed = false;
      const template = document.createElement("template");
      template.innerHTML = detail.serverResponse;
      const parts = [...template.content.children];
      for (const current of [...line.children]) {
        if (!parts.some((part) => part.className === current.className)) current.remove();
      }
      parts.forEach(setPart);
    }
  });
  onHtmx("sendError", ({ elt }) => {
    if (elt === line) showUnsaved(line.dataset.failed);
  });
}

/** @type {HTMLElement | null} */
const statusLine = document.querySelector(".writing-state");
if (statusLine) watchStatusLine(statusLine);

// A preview that isn't shown isn't fetched.
onHtmx("beforeRequest", ({ elt }, event) => {
  if (elt.id === "preview" && !elt.offsetParent) event.preventDefault();
});
// Signed out, the preview stays as it is: the status line says why.
onHtmx("beforeSwap", (detail) => {
  if (detail.target.id === "preview") detail.isError = false;
});
// Links in the preview open in a new tab, so that they don't leave the form.
onHtmx("afterSwap", ({ target }) => {
  if (target.id !== "preview") return;
  for (const link of target.querySelectorAll(/** @type {"a"} */ ("a[href]"))) {
    link.target = "_blank";
    link.rel = "noopener";
    link.tabIndex = -1;
  }
});

// Rows of a formset: their links are announced as buttons, so they work as buttons, and say which row they belong to.
/** @param {Element | null} row */
function nameOf(row) {
  const parts = [...(row?.querySelectorAll("h4 b, h4 .inline_label") ?? [])];
  return parts.map((part) => part.textContent.trim()).join(" ");
}

/** @param {Element} row */
function labelRow(row) {
  const name = nameOf(row);
  const link = row.querySelector("a.inline-deletelink");
  link?.setAttribute("aria-label", `${link.textContent}, ${name}`);
  const label = row.querySelector(".row-heading .delete label");
  label?.parentElement.querySelector("input")?.setAttribute("aria-label", `${label.textContent}, ${name}`);
}

function labelRows() {
  document.querySelectorAll(".inline-related:not(.tabular, .empty-form)").forEach(labelRow);
}

/** @type {any} */ (window).django?.jQuery?.(labelRows); // After Django's script, which creates the links.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !(event.target instanceof HTMLElement) || !event.target.matches("a[role=button]")) return;
  event.preventDefault();
  event.target.click();
});
document.addEventListener("formset:added", ({ target }) => {
  labelRows();
  // A pull quote was taken from the text, where the writer still is.
  if (!(target instanceof Element) || target.closest("[data-keep-focus]")) return;
  /** @type {NodeListOf<HTMLElement>} */
  const fields = target.querySelectorAll("input:not([type=hidden]), textarea, select");
  [...fields].find((field) => field.offsetParent)?.focus();
});
document.addEventListener("formset:removed", (event) => {
  const { formsetName } = /** @type {CustomEvent} */ (event).detail;
  setTimeout(() => {
    labelRows();
    /** @type {HTMLElement | null} */
    const addLink = document.querySelector(`#${CSS.escape(formsetName)}-group .add-row a`);
    addLink?.focus();
    const region = announcements();
    if (!region) return;
    const { removed } = region.dataset;
    region.textContent = region.textContent === removed ? `${removed} ` : removed; // A change, so it is read again.
  });
});

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

// Several errors: list them with links to their fields.
/** @param {HTMLElement} note */
function listErrors(note) {
  note.tabIndex = -1;
  /** @type {NodeListOf<Field>} */
  const fields = document.querySelectorAll("main [aria-invalid=true]:not([type=hidden])");
  if (fields.length < 2) return;
  const list = createElement("ul", { class: "plain-list error-links" });
  for (const field of fields) {
    if (!field.id) continue;
    const label = field.labels?.[0]?.textContent.trim().replace(/:$/, "") ?? field.name;
    const link = createElement("a", { href: `#${field.id}` });
    link.textContent = `${nameOf(field.closest(".inline-related"))} ${label}`.trim();
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  note.after(list);
}

/** @type {HTMLElement | null} */
const errorNote = document.querySelector("main .errornote");
if (errorNote) listErrors(errorNote);

// What has to be read first gets the focus. This runs after Django's script, which focuses the first field of a new
// form, but never takes the focus from someone who has already started.
const READ_FIRST = [
  ".other-changes",
  "main [aria-invalid=true]:not([type=hidden])",
  "main .errornote",
  ".autosaved",
  ".restored",
  ".messages",
];
let started = false;
for (const type of ["pointerdown", "keydown"]) {
  const onStart = () => {
    started = true;
  };
  addEventListener(type, onStart, { once: true, capture: true });
}
addEventListener("load", () => {
  if (started) return;
  const found = READ_FIRST.map((selector) => document.querySelector(selector)).find(Boolean);
  const target = /** @type {HTMLElement | undefined} */ (found);
  if (!target) return;
  // Drop the fragment of the link that led here: it would scroll elsewhere.
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  target.closest("details")?.setAttribute("open", "");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: target.matches("[aria-invalid]") ? "center" : "nearest" });
});
