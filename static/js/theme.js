// @ts-check
// The light or dark theme that the reader chose, stored on this device, and the focus in a form with errors.
// This is a classic script that blocks the head, not a module: modules run after the page is parsed, so the page would
// first be painted in the other theme.
(() => {
  const root = document.documentElement;
  const storedTheme = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage is disabled.
    }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const systemTheme = () => (system.matches ? "dark" : "light");
  const isDark = () => (root.dataset.theme ?? systemTheme()) === "dark";

  const stored = storedTheme();
  if (stored) root.dataset.theme = stored;

  addEventListener("DOMContentLoaded", () => {
    // In a form with errors, start at the first invalid field: screen readers read its error.
    /** @type {HTMLElement | null} */
    const invalidField = document.querySelector("main [aria-invalid='true']");
    invalidField?.focus();

    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = document.querySelectorAll("button.theme");
    // The button names the theme that pressing it brings.
    const updateLabels = () => {
      for (const button of buttons) button.textContent = isDark() ? button.dataset.light : button.dataset.dark;
    };
    updateLabels();
    system.addEventListener("change", updateLabels);
    for (const button of buttons) {
      button.hidden = false;
      button.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        updateLabels();
        try {
          localStorage.setItem("theme", root.dataset.theme);
        } catch {
          // Storage is disabled: the choice lasts until the page is left.
        }
      });
    }
  });
})();
