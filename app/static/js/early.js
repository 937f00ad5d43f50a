// Runs before the first paint: a name must not flash on screen while the modules load.
document.documentElement.classList.add("js");
try {
  if (sessionStorage.getItem("discreet") === "on") {
    document.documentElement.classList.add("discreet");
  }
} catch {
  // Storage may be refused by the browser's settings; the switch then lasts one page.
}
