/** `data-print`: a button that opens the browser's print dialogue. */
export function printButtons() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
}
