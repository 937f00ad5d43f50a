/** Follows what the server is doing: the page is asked again, its progress replaced, and opened anew once it is over. */
const EVERY = 1500;

async function look() {
  const part = document.querySelector("[data-follow]");
  if (!part) return;
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-follow]");
    if (!answer.ok || !now) {
      window.location.reload();
      return;
    }
    part.replaceChildren(...now.childNodes);
  } catch {
    // The network will be back; the link below the progress still works.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
