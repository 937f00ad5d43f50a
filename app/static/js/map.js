const MOST = 8;
const STEP = 1.5;
const PAN = 0.2;

/** `data-map`: zoom (buttons, keys, wheel with Ctrl, dragging once zoomed) and the words of what is pointed at or reached. */
for (const figure of document.querySelectorAll("[data-map]")) open(figure);

function open(figure) {
  const view = figure.querySelector("[data-map-view]");
  const svg = view.querySelector("svg");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const map = { figure, view, svg, width, height, zoom: 1, x: 0, y: 0, at: -1 };
  map.items = [...svg.querySelectorAll("[data-item]")];
  map.detail = figure.querySelector("[data-map-detail]");
  view.tabIndex = 0;
  view.setAttribute("role", "group");
  view.setAttribute("aria-label", view.dataset.mapLabel);
  say(map, null);
  buttons(map);
  keys(map);
  pointer(map);
}

function buttons(map) {
  const acts = { in: () => zoom(map, STEP), out: () => zoom(map, 1 / STEP), home: () => home(map) };
  for (const button of map.figure.querySelectorAll("[data-map-zoom]")) {
    button.addEventListener("click", acts[button.dataset.mapZoom]);
  }
}

function keys(map) {
  const acts = {
    "+": () => zoom(map, STEP),
    "=": () => zoom(map, STEP),
    "-": () => zoom(map, 1 / STEP),
    0: () => home(map),
    ArrowRight: () => reach(map, 1),
    ArrowDown: () => reach(map, 1),
    ArrowLeft: () => reach(map, -1),
    ArrowUp: () => reach(map, -1),
    Escape: () => point(map, -1),
  };
  map.view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key.startsWith("Arrow")) slide(map, event.key);
    else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
  });
  map.view.addEventListener("blur", () => point(map, -1));
}

function pointer(map) {
  let from = null;
  map.svg.addEventListener("pointerover", (event) => {
    if (!from) point(map, map.items.indexOf(event.target.closest("[data-item]")));
  });
  map.svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !from) point(map, -1);
  });
  map.svg.addEventListener("click", (event) => point(map, map.items.indexOf(event.target.closest("[data-item]"))));
  map.svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(map, event.deltaY < 0 ? STEP : 1 / STEP, place(map, event));
  }, { passive: false });
  map.svg.addEventListener("pointerdown", (event) => {
    if (map.zoom === 1) return;
    from = { id: event.pointerId, at: place(map, event) };
    map.svg.setPointerCapture(event.pointerId);
    map.view.classList.add("is-moving");
  });
  map.svg.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== from.id) return;
    const now = place(map, event);
    move(map, map.x + from.at.x - now.x, map.y + from.at.y - now.y);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    map.svg.addEventListener(name, () => {
      from = null;
      map.view.classList.remove("is-moving");
    });
  }
}

function place(map, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.svg.getScreenCTM().inverse());
  return { x: at.x, y: at.y };
}

function zoom(map, by, around) {
  const before = map.zoom;
  map.zoom = Math.min(MOST, Math.max(1, before * by));
  const held = around || middle(map, before);
  const kept = before / map.zoom;
  move(map, held.x - (held.x - map.x) * kept, held.y - (held.y - map.y) * kept);
}

function middle(map, at) {
  return { x: map.x + map.width / at / 2, y: map.y + map.height / at / 2 };
}

function home(map) {
  map.zoom = 1;
  move(map, 0, 0);
}

function slide(map, key) {
  const dx = { ArrowLeft: -1, ArrowRight: 1 }[key] || 0;
  const dy = { ArrowUp: -1, ArrowDown: 1 }[key] || 0;
  move(map, map.x + (dx * PAN * map.width) / map.zoom, map.y + (dy * PAN * map.height) / map.zoom);
}

function move(map, x, y) {
  const [width, height] = [map.width / map.zoom, map.height / map.zoom];
  map.x = Math.min(map.width - width, Math.max(0, x));
  map.y = Math.min(map.height - height, Math.max(0, y));
  map.svg.setAttribute("viewBox", [map.x, map.y, width, height].map((n) => n.toFixed(1)).join(" "));
  map.svg.style.setProperty("--zoom", map.zoom.toFixed(2));
  map.view.classList.toggle("is-zoomed", map.zoom > 1);
}

function reach(map, by) {
  const next = map.at < 0 ? (by > 0 ? 0 : map.items.length - 1) : (map.at + by + map.items.length) % map.items.length;
  point(map, next);
  if (map.zoom === 1) return;
  const box = map.items[next].getBBox();
  const [width, height] = [map.width / map.zoom, map.height / map.zoom];
  move(map, box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
}

function point(map, at) {
  if (at === map.at) return;
  for (const item of map.figure.querySelectorAll(".is-here, .is-near")) item.classList.remove("is-here", "is-near");
  map.at = at;
  const item = map.items[at];
  if (item) {
    item.classList.add("is-here");
    near(map, item);
  }
  map.figure.classList.toggle("is-pointing", Boolean(item && (item.dataset.place || item.dataset.ends)));
  say(map, item);
}

// A place lights the arrows that leave it and those that reach it.
function near(map, item) {
  const key = item.dataset.place;
  if (!key) return;
  for (const flow of map.svg.querySelectorAll("[data-ends]")) {
    if (flow.dataset.ends.split(" ").includes(key)) flow.classList.add("is-near");
  }
}

function say(map, item) {
  map.detail.textContent = item ? item.querySelector("title").textContent : map.detail.dataset.hint;
  map.detail.classList.toggle("is-hint", !item);
}
