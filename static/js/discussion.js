// What htmx leaves open in a discussion: closing a form that was opened in place, and words when the line is down.
(() => {
  const say = (words) => { const said = document.getElementById("said"); if (said) said.textContent = words; };
  const openers = new WeakMap(); // The link that filled a slot: closing leads back to it.
  const close = (slot) => {
    const opener = openers.get(slot);
    slot.replaceChildren();
    (opener?.isConnected ? opener : slot.closest(".comment")?.querySelector(".acts a, .acts button"))?.focus();
  };
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const opener = detail.requestConfig?.elt;
    if (opener?.matches?.(".acts a")) openers.set(detail.target, opener);
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest(".slot .cancel");
    if (!cancel) return;
    event.preventDefault();
    close(cancel.closest(".slot"));
  });
  document.addEventListener("keydown", (event) => {
    const slot = event.key === "Escape" && event.target.closest?.(".slot");
    // Words that were typed are not thrown away by one key.
    if (slot && ![...slot.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue)) close(slot);
  });
  // An answer that htmx does not show (403, 500): send the form the plain way, so that the reader sees why.
  document.addEventListener("htmx:responseError", (event) => {
    const form = event.target.closest?.("form.write, form.act");
    if (form) HTMLFormElement.prototype.submit.call(form);
    else if (event.target.closest?.(".talk")) location.reload();
  });
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.target.closest?.("form.write, form.act");
    if (!form) return;
    let note = form.querySelector(".errors.offline");
    if (!note) {
      note = document.createElement("p");
      note.className = "errors offline";
      form.prepend(note);
    }
    note.textContent = document.getElementById("said")?.dataset.offline ?? "";
    say(note.textContent);
  });
})();
