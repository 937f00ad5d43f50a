/** `data-shortcuts`: inside this group of radios only, keys 1 to 9 choose an answer. Off with `<html data-shortcuts="off">`. */
export function shortcuts() {
  if (document.documentElement.dataset.shortcuts === "off") return;
  for (const group of document.querySelectorAll("[data-shortcuts]")) {
    group.classList.add("has-shortcuts");
    group.addEventListener("keydown", choose);
  }
}

function choose(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  const radios = event.currentTarget.querySelectorAll('input[type="radio"]:not(:disabled)');
  const radio = radios[Number(event.key) - 1];
  if (!radio) return;
  event.preventDefault();
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}
