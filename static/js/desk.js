// A row of buttons over each Markdown field, and suggestions under fields that name a row. Without this file both are
// plain fields: Markdown and exact names are typed.
(() => {
  const around = (mark, otherwise) => (text) => [mark + (text || otherwise) + mark, mark.length, mark.length];
  const lines = (start) => (text) => [text.split("\n").map((line) => start + line).join("\n"), start.length, 0];
  const kinds = [
    ["Bold", "b", around("**", "bold")],
    ["Italic", "i", around("*", "italic")],
    ["Link", "k", (text) => [`[${text || "words"}](https://)`, 1, text ? 0 : 11]],
    ["Quotation", "", lines("> ")],
    ["Heading", "", lines("## ")],
    ["List", "", lines("- ")],
  ];
  const put = (area, make) => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const [text, before, after] = make(value.slice(from, to));
    area.focus();
    // insertText keeps the browser's own undo; where it is gone, set the text.
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
    area.setSelectionRange(from + before, from + text.length - after);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const area of document.querySelectorAll("textarea[data-markdown]")) {
    const bar = document.createElement("div");
    bar.className = "toolbar";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Markdown");
    for (const [name, key, make] of kinds) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      if (key) button.setAttribute("aria-keyshortcuts", `Control+${key.toUpperCase()}`);
      button.addEventListener("click", () => put(area, make));
      bar.append(button);
    }
    area.before(bar);
    area.addEventListener("keydown", (event) => {
      const kind = (event.ctrlKey || event.metaKey) && !event.shiftKey && kinds.find(([, key]) => key && key === event.key.toLowerCase());
      if (kind) { event.preventDefault(); put(area, kind[2]); }
    });
  }
  // Also for rows that Django adds later: one listener for all.
  let waiting, number = 0;
  const suggest = async (field) => {
    if (!field.list) {
      const list = document.createElement("datalist");
      list.id = `choose-${++number}`;
      field.after(list);
      field.setAttribute("list", list.id);
    }
    const answer = await fetch(`${field.dataset.choose}&term=${encodeURIComponent(field.value)}`);
    if (!answer.ok) return;
    const { results } = await answer.json();
    field.list.replaceChildren(...results.map(({ id, text }) => new Option(text, `${text} #${id}`)));
  };
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset?.choose || /#\d+$/.test(target.value)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest(target), 200);
  });
  // What was refused or saved by somebody else is read first.
  document.querySelector(".theirs, .errornote")?.scrollIntoView({ block: "start" });
})();
