import { copyButtons } from "./copy.js";
import { counters } from "./counter.js";
import { discreetSwitch } from "./discreet.js";
import { focusErrors } from "./errors.js";
import { handOver } from "./hand.js";
import { menus } from "./menus.js";
import { printButtons } from "./print.js";
import { shortcuts } from "./shortcuts.js";
import { submitGuard } from "./submit.js";
import { suggestions } from "./suggestions.js";

document.documentElement.classList.add("js");

submitGuard();
discreetSwitch();
printButtons();
focusErrors();
counters();
shortcuts();
copyButtons();
handOver();
menus();
suggestions();
