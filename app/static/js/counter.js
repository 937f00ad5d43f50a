const NEAR = 0.8;

/** `data-counter="id"`: says how many characters remain in a textarea that has `data-maxlength`. */
export function counters() {
  for (const output of document.querySelectorAll("[data-counter]")) {
    const area = document.getElementById(output.dataset.counter);
    if (!area) continue;
    const update = () => show(output, Number(area.dataset.maxlength), length(area.value));
    area.addEventListener("input", update);
    update();
  }
}

// The server counts code points, and one for a line end.
function length(text) {
  return [...text].length;
}

function show(output, max, used) {
  const over = used > max;
  const count = Math.abs(max - used);
  const { leftOne, leftMany, overOne, overMany } = output.dataset;
  const words = over ? [overOne, overMany] : [leftOne, leftMany];
  const number = count.toLocaleString(document.documentElement.lang);
  output.textContent = used < max * NEAR ? "" : plural(words, count).replace("{n}", number);
  output.classList.toggle("counter--over", over);
}

function plural([one, many], count) {
  const rule = new Intl.PluralRules(document.documentElement.lang).select(count);
  return rule === "one" ? one : many;
}
