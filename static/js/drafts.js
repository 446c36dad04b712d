// Words that were begun stay on this device, past a reload, a crash or a session that ended, until they are posted,
// withdrawn or thrown away, or their writer signs out. Only signed-in readers get this file; nothing is kept before
// they type. Without it the words last as long as the page.
(() => {
  const PREFIX = "draft:";
  const LONGEST = 30 * 24 * 3600 * 1000; // Milliseconds; whoever has not come back in a month has said it elsewhere.
  const WAIT = 400; // Milliseconds after the last key.
  const reader = `${document.currentScript.dataset.reader}/`;

  // Storage may be full or forbidden: then nothing is kept and nothing breaks.
  const attempt = (act) => { try { return act(); } catch { return undefined; } };
  const names = () => attempt(() => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) ?? [];
  const read = (name) => attempt(() => JSON.parse(localStorage.getItem(name)));
  const waiting = new Map(); // Names of drafts about to be written, each with its timer and its form.
  const forget = (name) => {
    clearTimeout(waiting.get(name)?.timer);
    waiting.delete(name);
    attempt(() => localStorage.removeItem(name));
  };
  const nameOf = (form) => `${PREFIX}${reader}${form.dataset.draft}`;
  const say = (words) => { const said = document.getElementById("announcements"); if (said) said.textContent = words; };
  const told = (form, kept) => {
    const note = form.querySelector(".draft-status");
    const field = form.elements.body;
    if (!note || note.hidden === !kept) return;
    note.hidden = !kept;
    const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== note.id);
    field.setAttribute("aria-describedby", (kept ? [...others, note.id] : others).join(" "));
  };

  const keep = (form) => {
    const { body, token, made } = form.elements;
    const name = nameOf(form);
    waiting.delete(name);
    const typed = body.value.trim() !== "" && body.value !== body.defaultValue;
    if (!typed) forget(name);
    else {
      const draft = {
        body: body.value, token: token?.value, made: made?.value, at: Date.now(),
        again: form.dataset.resumeUrl, label: form.querySelector("label").textContent,
      };
      if (attempt(() => localStorage.setItem(name, JSON.stringify(draft)) ?? true) === undefined) return;
    }
    told(form, typed);
  };
  const keepSoon = (form) => {
    const name = nameOf(form);
    clearTimeout(waiting.get(name)?.timer);
    waiting.set(name, { form, timer: setTimeout(() => keep(form), WAIT) });
  };
  const keepNow = () => { for (const { form } of [...waiting.values()]) keep(form); };

  const restore = (form) => {
    const draft = read(nameOf(form));
    const { body, token, made } = form.elements;
    if (!draft || draft.body === body.value) return;
    const refused = form.querySelector(".errors");
    if (refused && body.value) return; // What came back from the paper is newer.
    // A form that opens with a quotation keeps both.
    const quoted = form.matches(".reply") && body.value && !draft.body.includes(body.value.trim());
    body.value = quoted ? `${draft.body.trimEnd()}\n\n${body.value}` : draft.body;
    // The form is the same one: should it have been posted after all, it will not be posted twice.
    if (token && made && draft.token && draft.made && !refused) [token.value, made.value] = [draft.token, draft.made];
    body.setSelectionRange(body.value.length, body.value.length);
    told(form, true);
    say(form.querySelector(".draft-status")?.dataset.return ?? "");
  };
  const discard = (form) => {
    const { body } = form.elements;
    forget(nameOf(form));
    body.value = body.defaultValue;
    told(form, false);
    body.focus();
    say(form.querySelector(".draft-status").dataset.discarded);
  };

  // Drafts of forms that are not open: where they go on.
  const list = (place) => {
    const open = new Set([...document.querySelectorAll("form[data-draft]")].map(nameOf));
    const article = document.querySelector("#write form[data-draft]")?.dataset.draft.split("-")[0];
    const left = names().filter((name) => name.startsWith(`${PREFIX}${reader}${article}-`) && !open.has(name));
    place.replaceChildren(...left.filter((name) => read(name)?.again).map((name) => {
      const draft = read(name);
      const item = document.createElement("li");
      const link = document.createElement("a");
      [link.href, link.textContent] = [draft.again, place.dataset.open];
      const button = document.createElement("button");
      [button.type, button.className, button.textContent] = ["button", "plain", place.dataset.discard];
      for (const control of [link, button]) {
        const aside = document.createElement("span");
        [aside.className, aside.textContent] = ["unseen", ` ${draft.label}`];
        control.append(aside);
      }
      button.addEventListener("click", () => {
        const next = item.nextElementSibling ?? item.previousElementSibling;
        forget(name);
        item.remove();
        place.hidden = !place.children.length;
        (next?.querySelector("button") ?? document.querySelector("#write textarea"))?.focus();
      });
      const label = document.createElement("bdi");
      label.textContent = draft.label;
      item.append(`${place.dataset.saved}: `, label, link, " ", button);
      return item;
    }));
    place.hidden = !place.children.length;
  };

  for (const name of names()) {
    const draft = read(name);
    // Somebody else's, left behind when a session ended: not for whoever sits here now.
    if (!name.startsWith(PREFIX + reader) || !draft || Date.now() - draft.at > LONGEST) forget(name);
  }
  for (const done of document.querySelectorAll("[data-posted-draft]")) forget(`${PREFIX}${reader}${done.dataset.postedDraft}`);
  const all = (root) => {
    const forms = [...(root.querySelectorAll?.("form[data-draft]") ?? [])];
    if (root.matches?.("form[data-draft]")) forms.push(root);
    forms.forEach(restore);
  };
  all(document);
  const place = document.getElementById("drafts");
  if (place) list(place);

  document.addEventListener("htmx:load", ({ detail }) => all(detail.elt));
  document.addEventListener("input", ({ target }) => {
    const form = target.name === "body" && target.closest("form[data-draft]");
    if (form) keepSoon(form);
  });
  document.addEventListener("click", ({ target }) => {
    const form = target.closest?.(".discard")?.closest("form[data-draft]");
    if (form) discard(form);
  });
  // Posted or withdrawn, as the paper answered; what it refused stays. Before the next form comes in and looks for it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.requestConfig.elt; // The form itself: a preview is asked for by its button.
    if (detail.xhr.status >= 400 || form.tagName !== "FORM") return;
    if (form.dataset.draft) forget(nameOf(form));
    const withdrawn = form.getAttribute("action")?.match(/\/comments\/(\d+)\/withdraw\/$/);
    if (withdrawn) names().filter((name) => name.endsWith(`-edit-${withdrawn[1]}`)).forEach(forget);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-forget-drafts]")) names().forEach(forget);
  });
  addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepNow(); });
})();
