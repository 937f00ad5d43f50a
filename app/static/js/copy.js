/** `data-copy="id"`: copies the text of that element and says so in the button's own status line. */
export function copyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector('[role="status"]');
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    status.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(source);
    status.textContent = button.dataset.selected;
  }
}
