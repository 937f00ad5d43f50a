/** `data-menu`: a `<details>` that closes with Escape or by pressing elsewhere. */
export function menus() {
  const all = document.querySelectorAll("details[data-menu]");
  for (const menu of all) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  document.addEventListener("click", (event) => {
    for (const menu of all) if (!menu.contains(event.target)) menu.open = false;
  });
}
