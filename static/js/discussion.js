// What htmx leaves open in a discussion: closing a form that was opened in place, and words when the line is down.
(() => {
  const say = (words) => { const said = document.getElementById("announcements"); if (said) said.textContent = words; };
  const openers = new WeakMap(); // The link that filled a slot: closing leads back to it.
  const close = (slot) => {
    const opener = openers.get(slot);
    slot.replaceChildren();
    (opener?.isConnected ? opener : slot.closest(".comment")?.querySelector(".comment-actions a, .comment-actions button"))?.focus();
  };
  const begun = (slot) => [...slot.querySelectorAll("textarea")].find((field) => field.value !== field.defaultValue);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const opener = detail.requestConfig?.elt;
    if (!opener?.matches?.(".comment-actions a")) return;
    const field = begun(detail.target);
    if (!field) return openers.set(detail.target, opener);
    // Words that were begun stand where the next form would open: they stay, and a quotation is put under them.
    detail.shouldSwap = false;
    const quoted = opener.matches("[href*='?quote=']") && field.form.matches(".reply") &&
      new DOMParser().parseFromString(detail.serverResponse, "text/html").querySelector("textarea")?.value;
    if (quoted) {
      field.value = `${field.value.trimEnd()}\n\n${quoted}`;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (!opener.matches("[href$='/reply/']")) say(document.getElementById("announcements")?.dataset.unsaved ?? "");
    field.focus();
  });
  // A part of a comment that was selected is quoted alone. Pressing a mouse takes the selection away: it is read before.
  let chosen = "";
  const selected = (link) => {
    const selection = getSelection();
    const body = link.closest(".comment")?.querySelector(".comment-body");
    const inside = body && selection.rangeCount && body.contains(selection.getRangeAt(0).commonAncestorContainer);
    return inside ? selection.toString().trim() : "";
  };
  const quoting = (target) => target.closest?.(".comment-actions a[href*='?quote=']");
  document.addEventListener("pointerdown", ({ target }) => { const link = quoting(target); chosen = link ? selected(link) : ""; }, true);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const link = quoting(detail.elt);
    if (link) detail.parameters.words = chosen || selected(link);
    chosen = "";
  });
  // The preview follows what is typed until its button is pressed again.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("form.comment-form button[name=preview][hx-post]");
    const preview = button?.form.querySelector(".preview");
    if (!preview?.children.length) return;
    event.preventDefault();
    event.stopPropagation();
    preview.replaceChildren();
    button.setAttribute("aria-expanded", "false");
  }, true);
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.matches(".preview")) detail.target.closest("form").querySelector("button[name=preview]").setAttribute("aria-expanded", "true");
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest(".form-slot .cancel");
    if (!cancel) return;
    event.preventDefault();
    close(cancel.closest(".form-slot"));
  });
  document.addEventListener("keydown", (event) => {
    const slot = event.key === "Escape" && event.target.closest?.(".form-slot");
    // Words that were typed are not thrown away by one key.
    if (slot && !begun(slot)) close(slot);
  });
  // An answer that htmx does not show (403, 500): send the form the plain way, so that the reader sees why.
  document.addEventListener("htmx:responseError", (event) => {
    const form = event.target.closest?.("form.comment-form, form.action-form");
    if (form && event.target !== form) return; // A preview: what is being written is not sent for its sake.
    if (form) HTMLFormElement.prototype.submit.call(form);
    else if (event.target.closest?.(".discussion")) location.reload();
  });
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.target.closest?.("form.comment-form, form.action-form");
    if (!form) return;
    let note = form.querySelector(".errors.offline");
    if (!note) {
      note = document.createElement("p");
      note.className = "errors offline";
      form.prepend(note);
    }
    note.textContent = document.getElementById("announcements")?.dataset.offline ?? "";
    say(note.textContent);
  });
})();
