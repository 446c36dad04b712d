// @ts-check
// Pages of signed-in readers aren't stored, but WebKit keeps the last ones in memory over plain HTTP, and other browsers
// may. After signing out, Back would show such a page: ask the server for it again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.documentElement.hidden = true;
  location.reload();
});

// The account menu needs no script to open. With one, it closes as menus do: by Escape, and by a click elsewhere.
/** @param {boolean} focus */
const closeAccountMenu = (focus) => {
  /** @type {HTMLDetailsElement | null} */
  const menu = document.querySelector(".account-menu[open]");
  if (!menu) return;
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
};
addEventListener("click", ({ target }) => {
  if (!(target instanceof Element && target.closest(".account-menu"))) closeAccountMenu(false);
});
addEventListener("keydown", ({ key }) => {
  if (key === "Escape") closeAccountMenu(true);
});
