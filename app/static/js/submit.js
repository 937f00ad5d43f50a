const BUTTONS = 'button:not([type="button"]), input[type="submit"]';

/** Refuses the second submission of a form; opens it again when the page comes back from the browser's cache. */
export function submitGuard() {
  document.addEventListener("submit", onSubmit);
  window.addEventListener("pageshow", release);
}

function onSubmit(event) {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.dataset.guard === "off") return;
  form.dataset.sent = "yes";
  // After the browser has read the name and value of the pressed button.
  setTimeout(() => setBusy(form, true));
}

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    setBusy(form, false);
  }
}

function setBusy(form, busy) {
  for (const button of form.querySelectorAll(BUTTONS)) {
    if (busy && !button.disabled) {
      button.disabled = true;
      button.dataset.guarded = "yes";
    } else if (!busy && button.dataset.guarded) {
      button.disabled = false;
      delete button.dataset.guarded;
    }
  }
  if (busy) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
}
