/** Takes the reader to the summary of errors, and from each of its links into the field itself. */
export function focusErrors() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest("[data-field]") ?? field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}
