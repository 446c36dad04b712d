// What every page does: light or dark as the reader chose, kept on this device; the focus in a refused form.
// Loaded in the head without defer, so that no page flashes in the other colours.
(() => {
  const root = document.documentElement;
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  if (kept()) root.dataset.theme = kept();
  addEventListener("DOMContentLoaded", () => {
    // A refused form: the keyboard goes to the first field that has to be mended, and its error is read out.
    document.querySelector("main [aria-invalid='true']")?.focus();
    for (const button of document.querySelectorAll("button.theme")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(dark()));
      button.addEventListener("click", () => {
        root.dataset.theme = dark() ? "light" : "dark";
        button.setAttribute("aria-pressed", String(dark()));
        try { localStorage.setItem("theme", root.dataset.theme); } catch { /* Private mode: the choice lasts for the page. */ }
      });
    }
  });
})();
