/**
 * `data-commune="address"`: communes suggested while typing, as an editable combobox with a listbox (WAI-ARIA 1.2).
 * Arrows move, Enter takes, Escape closes; without this module the field is read by the server in the same way.
 */
const SHORTEST = 2;
const PAUSE = 150;

export function suggestions() {
  for (const input of document.querySelectorAll("[data-commune]")) new Suggestions(input);
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.build();
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
  }

  build() {
    const { input } = this;
    const box = document.createElement("div");
    box.className = "suggests";
    input.replaceWith(box);
    this.list = document.createElement("ul");
    Object.assign(this.list, { className: "suggestions", id: `${input.id}-liste`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`)?.textContent.trim() ?? "");
    this.status = document.createElement("div");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    box.append(input, this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    if (input.hasAttribute("autofocus")) input.focus();
  }

  typed() {
    clearTimeout(this.waiting);
    this.asked += 1;
    if (this.input.value.trim().length < SHORTEST) return this.close();
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const number = ++this.asked;
    const found = await this.fetched(this.input.value.trim());
    if (found && number === this.asked && document.activeElement === this.input) this.show(found);
  }

  async fetched(text) {
    try {
      const answer = await fetch(`${this.input.dataset.commune}?q=${encodeURIComponent(text)}`, {
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (answer.ok) return (await answer.json()).communes;
    } catch {
      // As when it answers something else.
    }
    this.leaveAlone();
    return null;
  }

  /** Nothing is suggested: the button that checks comes back. */
  leaveAlone() {
    this.input.closest(".commune-field")?.classList.add("commune-field--alone");
  }

  show(found) {
    this.active = -1;
    this.options = found.map((commune, rank) => this.option(commune, rank));
    this.list.replaceChildren(...this.options);
    this.open(found.length > 0);
    this.say(found.length);
  }

  option(commune, rank) {
    const option = document.createElement("li");
    Object.assign(option, { className: "suggestions__option", id: `${this.list.id}-${rank}` });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.label = commune.label;
    const where = document.createElement("span");
    where.className = "suggestions__where";
    where.textContent = commune.where;
    option.append(commune.name, " ", where);
    // The field must not lose its focus before the click is known.
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.take(option));
    return option;
  }

  say(count) {
    const { none, one, many } = this.input.dataset;
    this.status.textContent = count === 0 ? none : count === 1 ? one : many.replace("{n}", count);
  }

  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const opened = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.arrow(event, opened);
    else if (event.key === "Enter" && opened && this.active >= 0) {
      event.preventDefault();
      this.take(this.options[this.active]);
    } else if (event.key === "Escape" && opened) {
      event.preventDefault();
      this.close();
    }
  }

  arrow(event, opened) {
    event.preventDefault();
    if (!opened) {
      if (this.input.value.trim().length >= SHORTEST) this.ask();
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : -1;
    const count = this.options.length;
    // -1 is the field itself: it comes after the last option and before the first.
    this.choose(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
  }

  choose(rank) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = rank;
    const option = this.options[rank];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  take(option) {
    this.input.value = option.dataset.label;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.asked += 1;
    this.status.textContent = "";
    this.close();
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    this.input.removeAttribute("aria-activedescendant");
    if (yes) this.list.scrollTop = 0;
  }

  close() {
    clearTimeout(this.waiting);
    this.asked += 1;
    this.active = -1;
    this.open(false);
  }
}
