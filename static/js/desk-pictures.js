// @ts-check
// Upload pictures at the desk: chosen, dragged or pasted, one after the other, with progress. In the article form each
// becomes a row of the pictures. Without scripts, the upload page is a plain form.
import { announce, createElement, focusQuietly, htmx, notifyInput } from "./dom.js";

/** @type {HTMLElement | null} */
const zone = document.querySelector(".upload-zone");
/** @type {HTMLTextAreaElement | null} */
const body = document.querySelector("textarea[name=body]");
const rowsGroup = document.getElementById("placements-group");

/** Uploads that aren't done. Leaving the page would end them. */
let waiting = 0;
/** @type {Promise<void>} */
let queue = Promise.resolve();
/** Whether one of the files that are on their way was refused. */
let anyRefused = false;

/**
 * Send one file. The server answers with list items: a picture with its card, or the sentence that refuses it.
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @returns {Promise<HTMLElement[]>}
 */
function send(file, onProgress) {
  const request = new XMLHttpRequest();
  const data = new FormData();
  data.append("files", file);
  request.open("POST", zone.dataset.uploadUrl);
  request.setRequestHeader("HX-Request", "true");
  /** @type {HTMLInputElement | null} */
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  request.setRequestHeader("X-CSRFToken", token?.value ?? "");
  request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      const template = document.createElement("template");
      if ([200, 422].includes(request.status)) template.innerHTML = request.responseText;
      const items = /** @type {HTMLElement[]} */ ([...template.content.children]);
      resolve(items.length ? items : [refusal(`${file.name}: ${reasonFor(request.status)}`)]);
    });
    request.send(data);
  });
}

/** @param {number} status A page without items is the one to sign in. */
function reasonFor(status) {
  if (status === 413) return zone.dataset.tooLarge;
  return [200, 401, 403].includes(status) ? zone.dataset.signedOut : zone.dataset.failed;
}

/** @param {string} sentence */
function refusal(sentence) {
  const item = createElement("li", { class: "refused-picture" });
  item.dataset.announcement = sentence;
  item.append(createElement("p", { class: "errornote" }, sentence));
  return item;
}

/**
 * Upload files one by one, each shown in a list.
 * @param {Iterable<File>} files
 * @param {Element} list
 * @param {(items: HTMLElement[]) => HTMLElement[]} place What is shown of the server's items.
 */
function upload(files, list, place) {
  list.closest("section")?.removeAttribute("hidden");
  if (!waiting) anyRefused = false;
  for (const file of files) {
    const label = `${zone.dataset.uploading} ${file.name}`;
    const progress = createElement("progress", { max: "1", value: "0", "aria-label": label });
    const item = createElement("li", { class: "uploading" });
    item.append(createElement("span", { dir: "auto" }, label), " ", progress);
    list.append(item);
    waiting += 1;
    queue = queue.then(async () => {
      const items = place(
        await send(file, (share) => {
          progress.value = share;
        }),
      );
      waiting -= 1;
      anyRefused ||= items.some((one) => one.matches(".refused-picture"));
      item.replaceWith(...items);
      announce(items.map(({ dataset }) => dataset.announcement).join(" "));
      for (const one of items) htmx().process(one);
    });
  }
  if (waiting) announce(`${zone.dataset.uploading} ${[...files].map(({ name }) => name).join(", ")}`);
}

addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});

/**
 * Take files that are dragged onto an element.
 * @param {HTMLElement} target
 * @param {(files: File[], event: DragEvent) => void} onDrop
 */
function takeDrops(target, onDrop) {
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  target.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    target.classList.add("dragging");
  });
  for (const type of ["dragleave", "drop"]) target.addEventListener(type, () => target.classList.remove("dragging"));
  target.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    onDrop([...event.dataTransfer.files], event);
  });
}

/**
 * Upload as soon as files are chosen.
 * @param {HTMLInputElement} input
 * @param {(files: File[]) => void} onChoose
 */
function takeChoice(input, onChoose) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) onChoose(files);
  });
}

// The upload page -------------------------------------------------------------------------------------------------

if (zone instanceof HTMLFormElement) {
  const list = document.querySelector("#uploaded .uploads");
  const start = (/** @type {File[]} */ files) => upload(files, list, (items) => items);
  takeChoice(zone.querySelector("[type=file]"), start);
  takeDrops(document.body, start);
  zone.querySelector(".help").append(" ", zone.dataset.drop);
  zone.querySelector(".steps").remove(); // Choosing uploads.
}

// The article form ------------------------------------------------------------------------------------------------

/**
 * Return a field of a row, not the hidden copy of its original value.
 * @param {Element} row
 * @param {string} name
 */
const fieldOf = (row, name) =>
  /** @type {any} */ (row.querySelector(`[name^="placements-"][name$="-${name}"]`)) ?? { value: "" };
const rows = () => [...rowsGroup.querySelectorAll(".inline-related:not(.empty-form)")];
const isUsed = (/** @type {Element} */ row) =>
  fieldOf(row, "picture").value && !(/** @type {HTMLInputElement} */ (fieldOf(row, "DELETE")).checked);
const emptyRow = () => rows().find((row) => ["picture", "alt", "caption"].every((name) => !fieldOf(row, name).value));

/**
 * Return a row for another picture, added if none is empty. The focus stays where it is.
 * @returns {Element | undefined}
 */
function freeRow() {
  const present = emptyRow();
  if (present) return present;
  rowsGroup.dataset.keepFocus = "";
  /** @type {HTMLElement | null} */
  const addLink = rowsGroup.querySelector(".add-row a");
  addLink?.click();
  delete rowsGroup.dataset.keepFocus;
  return emptyRow();
}

/**
 * Show a card beneath the field that names its picture.
 * @param {Element} row
 * @param {Element | null} card
 */
function showCard(row, card) {
  row.querySelector(".picture-card")?.remove();
  if (!card) return;
  fieldOf(row, "picture").after(card);
  htmx().process(card);
}

/**
 * Fill a row with an uploaded picture. It becomes the lead if there is none yet.
 * @param {HTMLElement} item
 * @param {number} offset Of the text, where it was dropped.
 * @returns {HTMLElement} What to show in the list of uploads.
 */
function placePicture(item, offset) {
  /** @type {HTMLElement | null} */
  const card = item.querySelector(".picture-card");
  const row = card && freeRow();
  if (!row) return item; // Refused, or the form has as many rows as it takes.
  const isLead = !rows().some((other) => isUsed(other) && fieldOf(other, "role").value === "lead");
  const picture = fieldOf(row, "picture");
  picture.value = card.dataset.label;
  if (isLead) fieldOf(row, "role").value = "lead";
  const name = card.dataset.label.replace(/ #\d+$/, "");
  const sentence = (isLead ? zone.dataset.lead : zone.dataset.placed).replace("{name}", () => name);
  showCard(row, card);
  notifyInput(picture);
  if (body && Number.isFinite(offset)) {
    body.focus();
    body.setSelectionRange(offset, offset);
  }
  picture.dispatchEvent(new Event("change", { bubbles: true })); // Its line comes beneath the paragraph.
  const placed = createElement("li", { class: "placed-picture" });
  placed.dataset.announcement = sentence;
  placed.append(sentence, " ", createElement("a", { href: `#${picture.id}` }, zone.dataset.row));
  return placed;
}

/**
 * Return the offset in a text field under the pointer, where the browser tells it, else that of the caret.
 * @param {HTMLTextAreaElement} field
 * @param {DragEvent} event
 */
function offsetAt(field, event) {
  const position = /** @type {any} */ (document).caretPositionFromPoint?.(event.clientX, event.clientY);
  return position?.offsetNode === field ? position.offset : field.selectionEnd;
}

/**
 * Hold a step that is pressed while files are on their way, and take it once they're in the form: it would go without
 * them. After a refusal nothing is sent, since the sentence that says why would be gone.
 * @param {HTMLFormElement} form
 */
function holdSteps(form) {
  /** @type {HTMLElement | null} */
  let step = null;
  let isHeld = false;
  form.addEventListener("submit", async (event) => {
    if (!waiting || event.submitter?.matches("[formtarget]")) return; // A preview leaves the form where it is.
    event.preventDefault();
    step = event.submitter;
    if (isHeld) return;
    isHeld = true;
    const note = createElement("p", { class: "help" }, zone.dataset.held);
    form.querySelector(".bar-state").append(note);
    announce(zone.dataset.held);
    while (waiting) await queue;
    note.remove();
    isHeld = false;
    if (!anyRefused) return form.requestSubmit(step);
    /** @type {HTMLElement} */
    const refused = form.querySelector(".refused-picture");
    focusQuietly(refused);
    refused.scrollIntoView({ block: "center" });
  });
}

if (zone && rowsGroup) {
  holdSteps(zone.closest("form"));
  const list = zone.querySelector(".uploads");
  const accept = zone.dataset.accept;
  const input = createElement("input", { type: "file", multiple: "", accept, id: "choose-pictures" });
  const label = createElement("label", { for: input.id }, zone.dataset.choose);
  const paragraph = document.createElement("p");
  paragraph.append(label, " ", input);
  zone.prepend(paragraph, createElement("p", { class: "help" }, zone.dataset.drop));
  const toEnd = (/** @type {File[]} */ files) =>
    upload(files, list, (items) => items.map((item) => placePicture(item, Infinity)));
  takeChoice(input, toEnd);
  takeDrops(rowsGroup.parentElement, toEnd);

  if (body) {
    const beside = createElement("ol", { class: "plain-list uploads" });
    (body.closest("[data-placements]") ?? body).after(beside);
    /** @type {(files: File[], offset: number) => void} */
    const intoText = (files, offset) =>
      upload(files, beside, (items) => items.map((item) => placePicture(item, offset)));
    takeDrops(body, (files, event) => intoText(files, offsetAt(body, event)));
    // Word and spreadsheets add a picture of the text that was copied: then the text is meant.
    body.addEventListener("paste", (event) => {
      const { files, types } = event.clipboardData;
      if (!files.length || types.includes("text/plain")) return;
      event.preventDefault();
      intoText([...files], body.selectionEnd);
    });
  }

  // A file that misses would replace the page, and with it what was written.
  for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());

  // A picture that is chosen by name shows its card, too.
  rowsGroup.addEventListener("change", async ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.name.endsWith("-picture")) return;
    const row = target.closest(".inline-related");
    const number = target.value.match(/#(\d+)$/)?.[1];
    if (!number) return showCard(row, null);
    const response = await fetch(zone.dataset.cardUrl.replace("/0/", `/${number}/`));
    const template = document.createElement("template");
    if (response.ok) template.innerHTML = await response.text();
    showCard(row, template.content.firstElementChild);
  });
}
