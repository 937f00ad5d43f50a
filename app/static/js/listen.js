/** `data-listen`: a button that has `data-texts` (selectors) read aloud by a French voice of this machine, when there is one. */
function listenButtons() {
  const buttons = document.querySelectorAll("[data-listen]");
  if (!buttons.length || !("speechSynthesis" in window)) return;
  const show = () => buttons.forEach((button) => (button.hidden = !frenchVoice()));
  show();
  speechSynthesis.addEventListener?.("voiceschanged", show);
  for (const button of buttons) button.addEventListener("click", () => toggle(button));
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

// A voice that is not of this machine would send the words to somebody else.
function frenchVoice() {
  return speechSynthesis.getVoices().find((voice) => voice.localService && /^fr\b/i.test(voice.lang));
}

function toggle(button) {
  const speaking = button.getAttribute("aria-pressed") === "true";
  speechSynthesis.cancel();
  if (speaking) return;
  const said = new SpeechSynthesisUtterance(words(button));
  said.voice = frenchVoice();
  said.lang = said.voice.lang;
  said.rate = 0.9;
  said.onend = said.onerror = () => button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", "true");
  speechSynthesis.speak(said);
}

function words(button) {
  const texts = [...document.querySelectorAll(button.dataset.texts)].map((one) => one.textContent.trim());
  return texts.map((text) => (/[.?!]$/.test(text) ? text : `${text}.`)).join("\n");
}

listenButtons();
