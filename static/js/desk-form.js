// What a form of the desk tells, and where its keyboard goes: whether typed words are kept, what was refused or said,
// rows that come and go. Without this file all of it stands on the page, and nothing moves.
(() => {
  // Who else is here and whether words are kept: each is announced when it changes, and not with every answer.
  const line = document.querySelector(".writing-state");
  if (line) {
    let renewed = false;
    const put = (span) => {
      const old = line.querySelector(`.${span.className}`);
      if (!old) line.append(" ", span);
      else if (old.textContent !== span.textContent) old.replaceWith(span);
    };
    const lost = (words) => {
      const span = document.createElement("span");
      span.className = "unsaved";
      span.textContent = words;
      line.querySelector(".keeping")?.remove();
      put(span);
    };
    // Signing in, in another tab, makes every open form's token void: the desk's first page has a new one.
    const renew = async () => {
      const answer = await fetch(line.dataset.tokenUrl);
      if (answer.redirected) { lost(line.dataset.signedOut); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = answer.ok && page.querySelector("[name=csrfmiddlewaretoken]")?.value;
      if (!token) { lost(line.dataset.failed); return; }
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
      line.dispatchEvent(new Event("again"));
    };
    document.addEventListener("htmx:beforeSwap", ({ detail }) => {
      if (detail.target !== line) return;
      detail.shouldSwap = detail.isError = false;
      const { status } = detail.xhr;
      if (status === 403 && !renewed) {
        renewed = true;
        renew().catch(() => lost(line.dataset.failed));
      } else if (status >= 400) {
        lost(status === 401 ? line.dataset.signedOut : line.dataset.failed);
        if (status === 401) renewed = false;
      } else {
        renewed = false;
        const answer = document.createElement("template");
        answer.innerHTML = detail.serverResponse;
        const spans = [...answer.content.children];
        for (const old of [...line.children]) if (!spans.some((span) => span.className === old.className)) old.remove();
        spans.forEach(put);
      }
    });
    document.addEventListener("htmx:sendError", ({ detail }) => { if (detail.elt === line) lost(line.dataset.failed); });
  }

  // A link of the live preview is to be looked at, not to leave the form by.
  // Signed out, it stays as it was: the line above says why.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target.id === "preview") detail.isError = false; });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id !== "preview") return;
    for (const link of detail.target.querySelectorAll("a[href]")) {
      link.target = "_blank";
      link.rel = "noopener";
      link.tabIndex = -1;
    }
  });

  // Rows: links that are called buttons work as such, and tell which row they are of.
  const said = document.getElementById("announcements");
  const nameOf = (row) => [...row?.querySelectorAll("h3 b, h3 .inline_label") ?? []].map((part) => part.textContent.trim()).join(" ");
  const nameRow = (row) => {
    const name = nameOf(row);
    const link = row.querySelector("a.inline-deletelink");
    link?.setAttribute("aria-label", `${link.textContent}, ${name}`);
    const label = row.querySelector("h3 .delete label");
    label?.parentElement.querySelector("input")?.setAttribute("aria-label", `${label.textContent}, ${name}`);
  };
  const nameRows = () => document.querySelectorAll(".inline-related:not(.tabular, .empty-form)").forEach(nameRow);
  window.django?.jQuery?.(nameRows); // After Django's own, which makes the links.
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches("a[role=button]")) return;
    event.preventDefault();
    event.target.click();
  });
  document.addEventListener("formset:added", ({ target }) => {
    nameRows();
    if (target.closest("[data-by-itself]")) return; // Words were taken from the text, where the writer still is.
    [...target.querySelectorAll("input:not([type=hidden]), textarea, select")].find((field) => field.offsetParent)?.focus();
  });
  document.addEventListener("formset:removed", ({ detail }) => setTimeout(() => {
    nameRows();
    document.querySelector(`#${CSS.escape(detail.formsetName)}-group .add-row a`)?.focus();
    if (said) said.textContent = said.textContent === said.dataset.removed ? `${said.dataset.removed} ` : said.dataset.removed;
  }));

  // Several errors: a list that leads to each.
  const invalid = [...document.querySelectorAll("main [aria-invalid=true]:not([type=hidden])")];
  const note = document.querySelector("main .errornote");
  if (note) note.tabIndex = -1;
  if (note && invalid.length > 1) {
    const list = document.createElement("ul");
    list.className = "plain-list error-links";
    for (const field of invalid.filter(({ id }) => id)) {
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = `${nameOf(field.closest(".inline-related"))} ${field.labels?.[0]?.textContent.trim().replace(/:$/, "") ?? field.name}`.trim();
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    note.after(list);
  }
  // What was refused, found again or said is read first. After Django's own script, which puts the focus on a new
  // form's first field; but never out of the hands of somebody who has begun.
  let begun = false;
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { begun = true; }, { once: true, capture: true });
  addEventListener("load", () => {
    if (begun) return;
    const first = [".other-changes", "main [aria-invalid=true]:not([type=hidden])", "main .errornote", ".autosaved", ".restored", ".messages"]
      .map((place) => document.querySelector(place)).find(Boolean);
    if (!first) return;
    // The part that a link led to before is not where this stands.
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
    first.closest("details")?.setAttribute("open", "");
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: first.matches("[aria-invalid]") ? "center" : "nearest" });
  });
})();
