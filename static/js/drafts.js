// @ts-check
// Drafts of comments, saved on this device until they are posted, withdrawn or discarded, or the reader signs out. They
// survive a reload, a crash and the end of a session. Only signed-in readers load this script, and nothing is stored
// before they type.
import { announce, closest, createElement, onHtmx } from "./dom.js";

/**
 * @typedef {object} Draft
 * @property {string} body
 * @property {string} [token] Makes sure that a form is posted only once.
 * @property {string} [made] When the form was made.
 * @property {number} at When the draft was saved, in milliseconds.
 * @property {string} [again] URL of the page on which to continue.
 * @property {string} label
 * @property {string} [tab] The tab in which it was typed.
 *
 * The fields of a comment form that a draft is made of.
 * @typedef {{body: HTMLTextAreaElement, token?: HTMLInputElement, made?: HTMLInputElement}} Fields
 */

const PREFIX = "draft:";
const LONGEST_AGE = 30 * 24 * 3600 * 1000; // Milliseconds: drafts are dropped after a month.
const TYPING_PAUSE = 400; // Milliseconds after the last key.
/** @type {HTMLScriptElement} */
const script = document.querySelector("script[data-reader]");
const readerPrefix = `${PREFIX}${script.dataset.reader}/`;

/**
 * Use the storage, which may be full or disabled: then nothing is saved and nothing breaks.
 * @template Result
 * @param {() => Result} use
 * @returns {Result | undefined}
 */
const attempt = (use) => {
  try {
    return use();
  } catch {
    return undefined;
  }
};
const storedNames = () => attempt(() => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) ?? [];
/**
 * @param {string} name
 * @returns {Draft | null | undefined}
 */
const read = (name) => attempt(() => JSON.parse(localStorage.getItem(name)));

/** Drafts that are about to be saved, by name. @type {Map<string, {form: HTMLFormElement, timer: number}>} */
const pending = new Map();

/** @param {string} name */
function remove(name) {
  clearTimeout(pending.get(name)?.timer);
  pending.delete(name);
  attempt(() => localStorage.removeItem(name));
}

const newId = () => Math.random().toString(36).slice(2);

/** The id of this tab, which survives a reload. */
function tabId() {
  const known = attempt(() => sessionStorage.getItem("tab"));
  const id = known ?? newId();
  if (!known) attempt(() => sessionStorage.setItem("tab", id));
  return id;
}

// Two tabs may have the same form open, with different texts. The one that was typed in last has the form's own name;
// the draft of another tab has that name with the tab's id, so that neither destroys the other.
/** @param {string} name */
const formNameOf = (name) => name.split("#")[0];
/** @param {string} name */
const variantsOf = (name) => storedNames().filter((stored) => formNameOf(stored) === name);

/**
 * Remove the draft of this tab, not that of another.
 * @param {string} name
 */
function removeOwn(name) {
  for (const variant of variantsOf(name)) {
    if ((read(variant)?.tab ?? tabId()) === tabId()) remove(variant);
  }
}

/** @param {string} name */
function keepOthers(name) {
  const stored = read(name);
  if (!stored || (stored.tab ?? tabId()) === tabId()) return;
  attempt(() => localStorage.setItem(`${name}#${stored.tab}`, JSON.stringify(stored)));
}

/** @param {HTMLFormElement} form */
const nameOf = (form) => `${readerPrefix}${form.dataset.draft}`;

/** @param {HTMLFormElement} form */
const fieldsOf = (form) => /** @type {Fields} */ (/** @type {unknown} */ (form.elements));

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLElement | null}
 */
const statusOf = (form) => form.querySelector(".draft-status");

/**
 * Show or hide the line below the field that says that a draft is saved.
 * @param {HTMLFormElement} form
 * @param {boolean} saved
 */
function showStatus(form, saved) {
  const status = statusOf(form);
  const { body } = fieldsOf(form);
  if (!status || status.hidden === !saved) return;
  status.hidden = !saved;
  const descriptions = (body.getAttribute("aria-describedby") ?? "").split(" ");
  const others = descriptions.filter((id) => id && id !== status.id);
  body.setAttribute("aria-describedby", (saved ? [...others, status.id] : others).join(" "));
}

/** @param {HTMLFormElement} form */
function save(form) {
  const { body, token, made } = fieldsOf(form);
  const name = nameOf(form);
  clearTimeout(pending.get(name)?.timer); // Of an earlier form with the same draft, whose URL would replace this one's.
  pending.delete(name);
  const hasText = body.value.trim() !== "" && body.value !== body.defaultValue;
  if (hasText) {
    /** @type {Draft} */
    const draft = {
      body: body.value,
      token: token?.value,
      made: made?.value,
      at: Date.now(),
      again: form.dataset.resumeUrl,
      tab: tabId(),
      label: form.querySelector("label").textContent,
    };
    if (read(name)?.body !== body.value) keepOthers(name);
    attempt(() => localStorage.removeItem(`${name}#${tabId()}`));
    const stored = attempt(() => {
      localStorage.setItem(name, JSON.stringify(draft));
      return true;
    });
    if (!stored) return;
  } else removeOwn(name);
  showStatus(form, hasText);
}

/** @param {HTMLFormElement} form */
function saveSoon(form) {
  const name = nameOf(form);
  clearTimeout(pending.get(name)?.timer);
  pending.set(name, { form, timer: setTimeout(() => save(form), TYPING_PAUSE) });
}

function savePending() {
  for (const { form } of [...pending.values()]) save(form);
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const names = variantsOf(nameOf(form));
  const ours = names.find((name) => read(name)?.tab === tabId());
  const draft = read(ours ?? nameOf(form));
  const { body, token, made } = fieldsOf(form);
  if (!draft || draft.body === body.value) return;
  const hasErrors = form.querySelector(".errors");
  if (hasErrors && body.value) return; // The text that came back from the server is newer.
  // A form that opens with a quotation keeps both.
  const isQuoting = form.matches(".reply") && body.value && !draft.body.includes(body.value.trim());
  body.value = isQuoting ? `${draft.body.trimEnd()}\n\n${body.value}` : draft.body;
  // Restore the form's identity too: if it was posted after all, it won't be posted twice.
  if (token && made && draft.token && draft.made && !hasErrors) {
    token.value = draft.token;
    made.value = draft.made;
  }
  body.setSelectionRange(body.value.length, body.value.length);
  save(form); // At once, with the URL of this form: a write while the page is left can come too late for the next one.
  announce(statusOf(form)?.dataset.return ?? "");
}

/** @param {HTMLFormElement} form */
function discard(form) {
  const { body } = fieldsOf(form);
  removeOwn(nameOf(form));
  body.value = body.defaultValue;
  showStatus(form, false);
  body.focus();
  announce(statusOf(form).dataset.discarded);
}

/**
 * List the drafts of this article whose forms aren't open, with links to continue.
 * @param {HTMLElement} list
 */
function listDrafts(list) {
  /** @type {HTMLFormElement[]} */
  const forms = [...document.querySelectorAll(/** @type {"form"} */ ("form[data-draft]"))];
  const open = new Set(forms.map(nameOf));
  const articleForm = forms.find((form) => form.closest("#write"));
  const articlePrefix = `${readerPrefix}${articleForm?.dataset.draft.split("-")[0]}-`;
  const canContinue = (/** @type {string} */ name) => open.has(formNameOf(name)) || read(name)?.again;
  const names = storedNames().filter((name) => name.startsWith(articlePrefix) && !open.has(name) && canContinue(name));
  list.replaceChildren(...names.map((name) => draftItem(list, name, read(name))));
  list.hidden = !list.children.length;
}

/**
 * @param {HTMLElement} list
 * @param {string} name
 * @param {Draft} draft
 */
function draftItem(list, name, draft) {
  const item = document.createElement("li");
  const link = createElement("a", { href: draft.again ?? "#write" }, list.dataset.open);
  const button = createElement("button", { type: "button", class: "plain" }, list.dataset.discard);
  link.addEventListener("click", (event) => {
    /** @type {HTMLFormElement[]} */
    const forms = [...document.querySelectorAll(/** @type {"form"} */ ("form[data-draft]"))];
    const form = forms.find((open) => nameOf(open) === formNameOf(name));
    if (!form) return;
    event.preventDefault();
    exchange(form, name);
    listDrafts(list);
  });
  for (const control of [link, button]) {
    control.append(createElement("span", { class: "sr-only" }, ` ${draft.label}`));
  }
  button.addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    remove(name);
    item.remove();
    list.hidden = !list.children.length;
    /** @type {HTMLElement | null} */
    const target = next?.querySelector("button") ?? document.querySelector("#write textarea");
    target?.focus();
  });
  item.append(`${list.dataset.saved}: `, createElement("bdi", {}, draft.label), link, " ", button);
  return item;
}

/**
 * Put the draft of another tab into an open form, and keep the text that was in it as another draft.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function exchange(form, name) {
  const draft = read(name);
  if (!draft) return; // The other tab has posted it.
  const { body } = fieldsOf(form);
  save(form);
  const current = read(nameOf(form));
  remove(name);
  const tab = newId(); // Of no open tab: one would take the text for its own.
  if (current) attempt(() => localStorage.setItem(`${nameOf(form)}#${tab}`, JSON.stringify({ ...current, tab })));
  remove(nameOf(form));
  body.value = draft.body;
  save(form);
  body.focus();
}

/** @param {Document | HTMLElement} root */
function restoreAll(root) {
  /** @type {HTMLFormElement[]} */
  const forms = [...(root.querySelectorAll?.(/** @type {"form"} */ ("form[data-draft]")) ?? [])];
  if (root instanceof HTMLFormElement && root.matches("[data-draft]")) forms.push(root);
  forms.forEach(restore);
}

for (const name of storedNames()) {
  const draft = read(name);
  // Another person's drafts, left behind when a session ended, aren't for whoever uses this device now.
  if (!name.startsWith(readerPrefix) || !draft || Date.now() - draft.at > LONGEST_AGE) remove(name);
}
/** @type {NodeListOf<HTMLElement>} */
const messagesOfPosts = document.querySelectorAll("[data-posted-draft]");
for (const message of messagesOfPosts) removeOwn(`${readerPrefix}${message.dataset.postedDraft}`);
restoreAll(document);
const list = document.getElementById("drafts");
if (list) listDrafts(list);

onHtmx("load", ({ elt }) => restoreAll(elt));
document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || target.name !== "body") return;
  /** @type {HTMLFormElement | null} */
  const form = target.closest("form[data-draft]");
  if (form) saveSoon(form);
});
document.addEventListener("click", (event) => {
  /** @type {HTMLFormElement | null} */
  const form = closest(event, ".discard")?.closest("form[data-draft]");
  if (form) discard(form);
});
// Posted or withdrawn: remove the draft before the next form is swapped in and looks for it.
onHtmx("beforeSwap", (detail) => {
  const form = detail.requestConfig.elt; // Only if the form itself was sent: previews are requested by their button.
  if (detail.xhr.status >= 400 || !(form instanceof HTMLFormElement)) return;
  if (form.dataset.draft) removeOwn(nameOf(form));
  const withdrawn = form.getAttribute("action")?.match(/\/comments\/(\d+)\/withdraw\/$/);
  if (!withdrawn) return;
  for (const name of storedNames()) if (formNameOf(name).endsWith(`-edit-${withdrawn[1]}`)) remove(name);
});
document.addEventListener("submit", (event) => {
  if (closest(event, "[data-forget-drafts]")) storedNames().forEach(remove);
});
addEventListener("pagehide", savePending);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) savePending();
});
