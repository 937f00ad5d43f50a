const KEY = "discreet";
const root = document.documentElement;

/** Blurs what is marked `.private` until it is pressed or focused; remembered until the browser closes. */
export function discreetSwitch() {
  const button = document.querySelector("[data-discreet]");
  if (!button) return;
  apply(button, root.classList.contains("discreet"));
  button.addEventListener("click", () => {
    const on = !root.classList.contains("discreet");
    remember(on);
    apply(button, on);
  });
  document.addEventListener("click", reveal);
}

function apply(button, on) {
  root.classList.toggle("discreet", on);
  button.setAttribute("aria-pressed", String(on));
  for (const element of document.querySelectorAll(".private")) {
    element.classList.remove("is-shown");
    setFocusable(element, on);
  }
}

function setFocusable(element, on) {
  if (element.closest("a, button, summary, label") || element.querySelector("a, button, input, textarea")) return;
  if (element.matches("input, textarea, select")) return;
  if (on) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

function reveal(event) {
  if (!root.classList.contains("discreet")) return;
  const element = event.target.closest(".private");
  if (element && !element.closest("a, button")) element.classList.toggle("is-shown");
}

function remember(on) {
  try {
    sessionStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    root.dataset.discreetForgotten = "yes";
  }
}
