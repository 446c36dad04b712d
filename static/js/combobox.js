// Suggestions under a text field, by the ARIA combobox pattern: arrows, Enter, Escape, the count told to screen readers.
// The field names its source: <input data-suggest="/topics/suggest/">. Without this file it is a plain field.
(() => {
  const WAIT = 150; // Milliseconds after the last key, so that a word is one question and not seven.
  let number = 0;

  const make = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const enhance = (input) => {
    if (input.role === "combobox") return;
    const id = `suggestions-${++number}`;
    const focused = document.activeElement === input;
    const box = make("div", { class: "combobox" });
    const list = make("ul", { id, role: "listbox", "aria-label": input.labels?.[0]?.textContent ?? "" });
    const status = make("span", { class: "unseen", role: "status" });
    list.hidden = true;
    input.replaceWith(box);
    box.append(input, list, status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) {
      input.setAttribute(name, value);
    }
    if (focused) input.focus();
    let active = -1;
    let timer = 0;
    let asked = null;

    const close = () => {
      asked?.abort();
      clearTimeout(timer);
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (option) => {
      input.value = option.dataset.name;
      close();
      input.focus();
    };
    const move = (to) => {
      const options = [...list.children];
      if (!options.length) return;
      active = (to + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    const show = ({ topics, status: sentence }) => {
      list.replaceChildren(...topics.map(({ name, note }, place) => {
        const option = make("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false" });
        option.dataset.name = name;
        const label = make("bdi", {});
        label.textContent = name;
        const aside = make("small", {});
        aside.textContent = note;
        option.append(label, " ", aside);
        return option;
      }));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !topics.length;
      input.setAttribute("aria-expanded", String(topics.length > 0));
      status.textContent = sentence;
    };
    const ask = async () => {
      asked?.abort();
      const typed = input.value.trim();
      if (!typed) return close();
      asked = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (answer.ok && input.value.trim() === typed && document.activeElement === input) show(await answer.json());
      } catch { /* Away or outdated: the field works on without suggestions. */ }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else move(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        choose(list.children[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" || event.key === "Tab") {
        close();
      }
    });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // Keep the focus in the field.
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  };

  const all = (root) => root.querySelectorAll?.("input[data-suggest]").forEach(enhance);
  all(document);
  // Pieces that htmx brings in later.
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
