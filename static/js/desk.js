// A row of buttons over each Markdown field, and suggestions under fields that name a row. Without this file both are
// plain fields: Markdown and exact names are typed.
(() => {
  const around = (mark) => (text, { words }) => [mark + (text || words) + mark, mark.length, mark.length];
  const lines = (start) => (text) => [text.split("\n").map((line) => start + line).join("\n"), start.length, 0];
  const kinds = [
    ["bold", "b", around("**")],
    ["italic", "i", around("*")],
    ["link", "k", (text, { words }) => [`[${text || words}](https://)`, 1, text ? 0 : 11]],
    ["quotation", "", lines("> ")],
    ["heading", "", lines("## ")],
    ["list", "", lines("- ")],
  ];
  const put = (area, make) => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const [text, before, after] = make(value.slice(from, to), area.desk.words);
    area.focus();
    // insertText keeps the browser's own undo; where it is gone, set the text.
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
    area.setSelectionRange(from + before, from + text.length - after);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // The selected words, without Markdown's marks, into the first empty row of the pull quotes. The server places it
  // after the paragraph in which the words stand.
  const quotes = document.getElementById("pull_quotes-group");
  const said = document.createElement("p");
  said.className = "sr-only";
  said.setAttribute("role", "status");
  const rows = () => [...quotes.querySelectorAll("textarea[name$='-text']")].filter((field) => !field.name.includes("__prefix__"));
  const empty = () => rows().find((field) => !field.value);
  const quote = (area) => {
    const words = area.value.slice(area.selectionStart, area.selectionEnd)
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/^[#>\s-]+|[*_`]+/gm, "").replace(/\s+/g, " ").trim();
    const { words: { selectFirst, quoted, already } } = area.desk;
    if (!words) { said.textContent = selectFirst; return; }
    if (rows().some((field) => field.value.replace(/\s+/g, " ").trim() === words)) { said.textContent = already; return; }
    quotes.dataset.byItself = ""; // The new row does not take the focus out of the text.
    if (!empty()) quotes.querySelector(".add-row a")?.click();
    delete quotes.dataset.byItself;
    const field = empty();
    if (!field) return;
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = `${quoted} ${words}`;
  };
  // By its letter; by its place where Alt makes another letter of it, as on a Mac, and where letters are not Latin.
  const isQ = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() === "q" : code === "KeyQ");
  const quoteButton = (area) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = area.desk.words.pullQuote;
    button.title = `${area.desk.words.pullQuote} (Alt+Q)`;
    button.setAttribute("aria-keyshortcuts", "Alt+Q");
    button.addEventListener("click", () => { quote(area); area.focus(); });
    area.addEventListener("keydown", (event) => {
      if (event.altKey && !event.ctrlKey && isQ(event)) { event.preventDefault(); quote(area); }
    });
    area.after(said);
    return button;
  };
  for (const area of document.querySelectorAll("textarea[data-markdown]")) {
    area.desk = { words: JSON.parse(area.dataset.labels || "{}") };
    const bar = document.createElement("div");
    bar.className = "toolbar";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", area.desk.words.tools);
    for (const [name, key, make] of kinds) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = area.desk.words[name];
      if (key) button.setAttribute("aria-keyshortcuts", `Control+${key.toUpperCase()}`);
      button.addEventListener("click", () => put(area, make));
      bar.append(button);
    }
    if (quotes) bar.append(quoteButton(area));
    area.before(bar);
    area.addEventListener("keydown", (event) => {
      const kind = (event.ctrlKey || event.metaKey) && !event.shiftKey && kinds.find(([, key]) => key && key === event.key.toLowerCase());
      if (kind) { event.preventDefault(); put(area, kind[2]); }
    });
  }
  // A headline is one line, set in as many as it needs: Enter saves as in every other field of one line.
  for (const area of document.querySelectorAll("textarea.one-line")) {
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      area.form.requestSubmit(area.form.querySelector("[name=_save]"));
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
    const answer = await fetch(`${field.dataset.autocompleteUrl}&term=${encodeURIComponent(field.value)}`);
    if (!answer.ok) return;
    const { results } = await answer.json();
    field.list.replaceChildren(...results.map(({ id, text }) => new Option(text, `${text} #${id}`)));
  };
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset?.choose || /#\d+$/.test(target.value)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest(target), 200);
  });
  // The button that schedules says for when, in the paper's own time: the field's words are taken as they stand.
  const moment = document.querySelector("[name=schedule_for]");
  const schedules = document.querySelector("[data-schedule-label]");
  if (moment && schedules) {
    const plain = schedules.textContent;
    const tell = () => {
      const at = new Date(`${moment.value}Z`);
      if (Number.isNaN(at.getTime())) { schedules.textContent = plain; return; }
      const { lang } = document.documentElement;
      const say = (parts) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { ...parts, timeZone: "UTC" }).format(at);
      const day = say({ weekday: "long", day: "numeric", month: "long", ...(at.getUTCFullYear() !== new Date().getFullYear() && { year: "numeric" }) });
      const time = say({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      schedules.textContent = `${schedules.dataset.scheduleLabel} ${day}, ${time} (${schedules.dataset.zone})`;
    };
    moment.addEventListener("input", tell);
  }
})();
