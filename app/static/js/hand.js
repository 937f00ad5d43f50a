/** « Passer la main » sends what is being typed along, so that it waits for its author. */
export function handOver() {
  document.addEventListener("submit", (event) => {
    const leaving = event.target;
    if (!leaving.matches("form[data-hand-over]")) return;
    const typed = [...document.querySelectorAll('main form[method="post"]')].find(isTyped);
    if (!typed) return;
    event.preventDefault();
    const back = document.createElement("input");
    back.type = "hidden";
    back.name = "retour";
    back.value = new URL(typed.action).pathname;
    typed.append(back);
    typed.action = leaving.action;
    typed.submit();
  });
}

function isTyped(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || field.type === "password") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return "defaultValue" in field && field.value !== field.defaultValue;
  });
}
