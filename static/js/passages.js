// Responding to a passage without leaving the page: beside its words or beneath them. Without this file each control
// leads to a page that does the same.
(() => {
  const text = document.querySelector(".story .text");
  if (!text?.querySelector(".respond-link")) return;
  const LONGEST = 3000; // Bytes of words in an address; more than that is the whole paragraph.
  const MARGIN = 16; // Pixels between a panel beside the words and the window's edge.
  const BEFORE = 64; // Characters of what stands before the words, to tell one place from another.
  const NO_WORDS = ".sr-only, .respond-link, .dateline"; // What our layout adds to a paragraph's own words.
  const label = text.closest(".story").dataset.respondLabel;
  const panels = new Map(); // By the id of the paragraph or quote.
  let chosen = null; // The words that are selected, and in which paragraph.
  let taken = null; // The same at the moment when a pointer pressed: pressing takes the selection away.

  const control = (place) => document.querySelector(`#${place} .respond-link`);
  const begun = (panel) => [...panel.querySelectorAll("textarea")].find((field) => field.value !== field.defaultValue);
  const settle = (place) => {
    const panel = panels.get(place);
    const shown = Boolean(panel?.isConnected) && !panel.hidden;
    control(place)?.setAttribute("aria-expanded", shown);
  };
  // Beside its words as far as it fits into the window, so that the page need not move; beneath them no line is used.
  const put = (place) => {
    const panel = panels.get(place);
    const here = document.getElementById(place);
    if (!here || panel.hidden) return;
    const { top } = text.getBoundingClientRect();
    const last = innerHeight - panel.offsetHeight - MARGIN;
    const at = Math.max(MARGIN, Math.min(here.getBoundingClientRect().top, last));
    panel.style.setProperty("--panel-top", `${at - top}px`);
  };
  // Words that were begun stay in the closed panel.
  const close = (place) => {
    const panel = panels.get(place);
    if (begun(panel)) panel.hidden = true;
    else {
      panel.remove();
      panels.delete(place);
    }
    settle(place);
  };
  const leave = (place) => {
    close(place);
    control(place)?.focus({ preventScroll: true });
  };

  const fill = (panel, html) => {
    const words = begun(panel)?.value;
    panel.innerHTML = html;
    window.htmx?.process(panel);
    window.htmx?.trigger(panel, "htmx:load", { elt: panel });
    const field = panel.querySelector("textarea");
    if (words && field) {
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    put(panel.dataset.place);
    panel.querySelector("[autofocus]")?.focus(); // Moves the page as little as shows it.
  };
  const open = async (place, address) => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const html = await answer.text();
    for (const other of [...panels.keys()]) if (other !== place) close(other);
    let panel = panels.get(place);
    if (!panel) {
      panel = document.createElement("div");
      panel.className = "response-panel";
      panel.dataset.place = place;
      document.getElementById(place).after(panel);
      panels.set(place, panel);
    }
    panel.hidden = false;
    settle(place);
    fill(panel, html);
  };

  text.addEventListener("click", (event) => {
    const link = event.target.closest(".respond-link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const place = link.closest("[id]").id;
    const words = [taken, chosen].find((one) => one?.place === place);
    const panel = panels.get(place);
    forget();
    if (panel && !words) {
      if (!panel.hidden) return leave(place);
      for (const other of [...panels.keys()]) if (other !== place) close(other);
      panel.hidden = false;
      settle(place);
      put(place);
      return panel.querySelector("textarea").focus();
    }
    const address = new URL(link.href);
    if (words && encodeURIComponent(words.words).length <= LONGEST) {
      address.searchParams.set("words", words.words);
      address.searchParams.set("before", words.before);
    }
    open(place, address).catch(() => location.assign(address));
  });
  text.addEventListener("click", (event) => {
    const place = event.target.closest(".response-panel")?.dataset.place;
    if (!place) return;
    if (event.target.closest(".close, .cancel")) {
      event.preventDefault();
      return leave(place);
    }
    // The same comment in the discussion, where it can be answered.
    const number = event.target.closest(".comment-actions a")?.getAttribute("href").match(/^\/comments\/(\d+)\/$/)?.[1];
    const comment = number && document.getElementById(`comment-${number}`);
    if (!comment) return;
    event.preventDefault();
    comment.tabIndex = -1;
    comment.focus({ preventScroll: true });
    comment.scrollIntoView({ block: "start" });
  });
  text.addEventListener("keydown", (event) => {
    const place = event.target.closest?.(".response-panel")?.dataset.place;
    if (event.key === "Escape" && place && !event.defaultPrevented) leave(place);
  });

  // What is selected inside a paragraph makes its control one for these words.
  const plain = (range) => {
    const part = range.cloneContents();
    const added = [...part.querySelectorAll(NO_WORDS)];
    for (const element of added) element.remove();
    const words = part.textContent;
    return (added.some((element) => element.matches(".dateline")) ? words.replace(/^\s*—/, "") : words).replace(/\s+/g, " ").trim();
  };
  const forget = () => {
    if (chosen) {
      const link = control(chosen.place);
      link?.classList.remove("for-selection");
      if (link && chosen.html !== null) link.innerHTML = chosen.html;
      if (link && chosen.name !== null) link.setAttribute("aria-label", chosen.name);
    }
    chosen = taken = null;
  };
  const choose = () => {
    const selection = getSelection();
    if (taken || !selection.rangeCount) return;
    const range = selection.getRangeAt(0).cloneRange();
    const start = range.startContainer;
    const block = (start.nodeType === Node.TEXT_NODE ? start.parentElement : start).closest(".story .text > [id]");
    const link = block?.querySelector(".respond-link");
    if (selection.isCollapsed || !link) return forget();
    if (!block.contains(range.endContainer)) range.setEndAfter(block.lastChild);
    const words = plain(range);
    if (!words) return forget();
    const place = block.id;
    if (chosen && chosen.place !== place) forget();
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const kept = chosen ?? { html: link.innerHTML, name: link.getAttribute("aria-label") };
    chosen = { place, words, before: plain(before).slice(-BEFORE), html: kept.html, name: kept.name };
    const shown = document.createElement("span");
    shown.textContent = label;
    link.replaceChildren(shown);
    link.setAttribute("aria-label", label);
    const last = [...range.getClientRects()].at(-1);
    link.style.setProperty("--selection-end", `${last.bottom - block.getBoundingClientRect().top + 8}px`);
    link.classList.add("for-selection");
  };
  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(choose, 250); // Once the reader has come to rest.
  });
  document.addEventListener("pointerdown", ({ target }) => {
    taken = target.closest?.(".respond-link") && chosen ? { ...chosen } : null;
  }, true);

  for (const link of text.querySelectorAll(".respond-link")) link.setAttribute("aria-expanded", "false"); // It opens in place.
  addEventListener("resize", () => panels.forEach((_panel, place) => put(place)));
  document.addEventListener("htmx:afterSettle", () => panels.forEach((_panel, place) => settle(place)));
})();
