// @ts-check
// What htmx leaves to us in a discussion: forms that open in place, quoting a selection, previews and lost connections.
import { announce, announcements, closest, editedField, moveCaretToEnd, onHtmx, typeInto } from "./dom.js";

const FORMS = "form.comment-form, form.action-form";

/** @type {WeakMap<HTMLElement, HTMLElement>} */
const openers = new WeakMap(); // The link that filled a slot. Closing the slot focuses it again.

/** @param {HTMLElement} slot */
function closeForm(slot) {
  const opener = openers.get(slot);
  slot.replaceChildren();
  /** @type {HTMLElement | null} */
  const firstAction = slot.closest(".comment")?.querySelector(".comment-actions a, .comment-actions button");
  (opener?.isConnected ? opener : firstAction)?.focus();
}

onHtmx("beforeSwap", (detail) => {
  const opener = detail.requestConfig?.elt;
  if (!opener?.matches?.(".comment-actions a")) return;
  const field = editedField(detail.target);
  if (!field) {
    openers.set(detail.target, opener);
    return;
  }
  // Unposted text is where the new form would open: keep it, and add a quotation below it.
  detail.shouldSwap = false;
  const quotation =
    opener.matches("[href*='?quote=']") &&
    field.form.matches(".reply") &&
    new DOMParser().parseFromString(detail.serverResponse, "text/html").querySelector("textarea")?.value;
  if (quotation) typeInto(field, `${field.value.trimEnd()}\n\n${quotation}`);
  else if (!opener.matches("[href$='/reply/']")) announce(announcements()?.dataset.unsaved ?? "");
  field.focus();
});

// A field that opens with a quotation or with a comment to edit gets its caret after that text: browsers put it before
// it, and what is typed there would become part of the quotation. Only the first focus counts, and not one by pointer,
// which sets the caret itself.
/** @type {WeakSet<EventTarget>} */
const focusedBefore = new WeakSet();

/** @param {EventTarget | null} field */
function onFirstFocus(field) {
  if (!(field instanceof HTMLTextAreaElement) || focusedBefore.has(field)) return;
  focusedBefore.add(field);
  if (field.matches("form.comment-form textarea") && field.selectionEnd === 0) moveCaretToEnd(field);
}
document.addEventListener("pointerdown", ({ target }) => focusedBefore.add(target), true);
document.addEventListener("focusin", ({ target }) => onFirstFocus(target));
onFirstFocus(document.activeElement); // By `autofocus`, before this script ran.

// Selected text in a comment is quoted alone. Pressing the mouse clears the selection, so it is read before.
/** @type {{link: Element | null, text: string}} */
let pressed = { link: null, text: "" };

/** @param {Element} link */
function selectionIn(link) {
  const selection = getSelection();
  const body = link.closest(".comment")?.querySelector(".comment-body");
  if (!body || !selection.rangeCount) return "";
  return body.contains(selection.getRangeAt(0).commonAncestorContainer) ? selection.toString().trim() : "";
}
const QUOTE_LINK = ".comment-actions a[href*='?quote=']";
document.addEventListener(
  "pointerdown",
  (event) => {
    const link = closest(event, QUOTE_LINK);
    pressed = { link, text: link ? selectionIn(link) : "" };
  },
  true,
);
onHtmx("configRequest", (detail) => {
  const link = detail.elt.closest?.(QUOTE_LINK);
  if (!link) return; // Another request, such as a preview, may start between the press and the click.
  detail.parameters.words = (link === pressed.link && pressed.text) || selectionIn(link);
  pressed = { link: null, text: "" };
});

// The preview follows the text until its button is pressed again.
document.addEventListener(
  "click",
  (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (
      closest(event, "form.comment-form button[name=preview][hx-post]")
    );
    const preview = button?.form.querySelector(".preview");
    if (!preview?.children.length) return;
    event.preventDefault();
    event.stopPropagation();
    preview.replaceChildren();
    button.setAttribute("aria-expanded", "false");
  },
  true,
);
onHtmx("afterSwap", ({ target }) => {
  if (!target.matches(".preview")) return;
  target.closest("form").querySelector("button[name=preview]").setAttribute("aria-expanded", "true");
});

document.addEventListener("click", (event) => {
  const slot = /** @type {HTMLElement | null} */ (closest(event, ".form-slot .cancel")?.closest(".form-slot"));
  if (!slot) return;
  event.preventDefault();
  closeForm(slot);
});
document.addEventListener("keydown", (event) => {
  const slot = event.key === "Escape" && closest(event, ".form-slot");
  if (slot && !editedField(slot)) closeForm(slot); // One key must not discard typed text.
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = closest(event, "form.comment-form textarea")?.closest("form");
  /** @type {HTMLButtonElement | undefined} */ (form?.querySelector("button[type=submit]:not([name])"))?.click();
});

// htmx doesn't show responses such as 403 or 500: submit the form without it, so that the reader sees the reason.
onHtmx("responseError", (_detail, event) => {
  const form = closest(event, FORMS);
  if (form && event.target !== form) return; // A preview failed: don't submit the comment because of it.
  if (form) HTMLFormElement.prototype.submit.call(form);
  else if (closest(event, ".discussion")) location.reload();
});
onHtmx("sendError", (_detail, event) => {
  const form = closest(event, FORMS);
  if (!form) return;
  let message = form.querySelector(".errors.offline");
  if (!message) {
    message = document.createElement("p");
    message.className = "errors offline";
    form.prepend(message);
  }
  message.textContent = announcements()?.dataset.offline ?? "";
  announce(message.textContent);
});
