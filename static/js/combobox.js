// Suggestions under a text field, by the ARIA combobox pattern: arrows, Enter, Escape, the count told to screen readers.
// The field names its source: <input data-suggest="/topics/suggest/">. In a textarea the names of readers are suggested
// after an @; it stays a text box, for that is what a field of many lines is. Without this file both are plain fields.
(() => {
  const WAIT = 150; // Milliseconds after the last key, so that a word is one question and not seven.
  const CALL = /(?:^|[^\p{L}\p{M}\p{N}_.@/-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,39})$/u;
  let number = 0;

  const make = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // What the two kinds of field differ in: what is asked for, and where the chosen name goes.
  const whole = (input) => ({
    typed: () => input.value.trim(),
    put: (name) => { input.value = name; },
  });
  const called = (area) => ({
    typed: () => (area.selectionStart === area.selectionEnd && area.value.slice(0, area.selectionEnd).match(CALL)?.[1]) || "",
    put: (name, typed) => {
      const end = area.selectionEnd;
      const text = /^\s/.test(area.value.slice(end)) ? name : `${name} `;
      area.setSelectionRange(end - typed.length, end);
      // insertText keeps the browser's own undo; where it is gone, set the text.
      if (document.execCommand("insertText", false, text)) return;
      area.setRangeText(text, end - typed.length, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  const enhance = (input) => {
    if (input.getAttribute("aria-autocomplete")) return;
    const many = input.tagName === "TEXTAREA";
    const { typed, put } = many ? called(input) : whole(input);
    const id = `suggestions-${++number}`;
    const focused = document.activeElement === input;
    const box = make("div", { class: "combobox" });
    const list = make("ul", { id, role: "listbox", "aria-label": input.labels?.[0]?.textContent ?? "" });
    const status = make("span", { class: "sr-only", role: "status" });
    list.hidden = true;
    if (many) {
      input.after(box);
      box.append(list, status);
      input.setAttribute("aria-haspopup", "listbox");
    } else {
      input.replaceWith(box);
      box.append(input, list, status);
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-expanded", "false");
    }
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id);
    if (focused) input.focus();
    let active = -1;
    let timer = 0;
    let asked = null;

    const shown = (open) => {
      list.hidden = !open;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      if (!many) input.setAttribute("aria-expanded", String(open));
    };
    const close = () => {
      asked?.abort();
      clearTimeout(timer);
      shown(false);
    };
    const choose = (option) => {
      const before = typed();
      close();
      input.focus();
      put(option.dataset.name, before);
    };
    const move = (to) => {
      const options = [...list.children];
      if (!options.length) return;
      active = (to + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    const show = ({ options, status: sentence }) => {
      list.replaceChildren(...options.map(({ name, note }, place) => {
        const option = make("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false" });
        option.dataset.name = name;
        const label = make("bdi", {});
        label.textContent = name;
        const aside = make("small", {});
        aside.textContent = note;
        option.append(label, " ", aside);
        return option;
      }));
      shown(options.length > 0);
      // In a text that nobody is there to be called is no news: most @ are not meant so.
      status.textContent = options.length || !many ? sentence : "";
    };
    const ask = async () => {
      asked?.abort();
      const words = typed();
      if (!words) return close();
      asked = new AbortController();
      const address = new URL(input.dataset.suggest, location.href);
      address.searchParams.set("q", words);
      try {
        const answer = await fetch(address, { signal: asked.signal });
        if (answer.ok && typed() === words && document.activeElement === input) show(await answer.json());
      } catch { /* Away or outdated: the field works on without suggestions. */ }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (many && !typed()) return close();
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (many && list.hidden) return; // The caret's own keys.
        event.preventDefault();
        if (list.hidden) ask();
        else move(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
      } else if ((event.key === "Enter" || (many && event.key === "Tab")) && active >= 0) {
        event.preventDefault();
        choose(list.children[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation(); // It closes the list, not what the field stands in.
        close();
      } else if (["Enter", "Tab", "ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
        close();
      }
    });
    input.addEventListener("blur", close);
    if (many) input.addEventListener("click", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // Keep the focus in the field.
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  };

  const all = (root) => root.querySelectorAll?.("[data-suggest]").forEach(enhance);
  all(document);
  // Pieces that htmx brings in later.
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
