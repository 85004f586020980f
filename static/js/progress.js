// Keeps the progress of a long work up to date without reloading the page; without it there is a link.
"use strict";

const EVERY = 3000;

async function renew() {
  const shown = document.querySelector("[data-progress]");
  if (!shown) {
    return;
  }
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(shown.id);
      if (fresh) {
        update(shown, fresh);
      }
    }
  } finally {
    setTimeout(renew, EVERY);
  }
}

// While it runs only the figures change, so that focus and reading place stay; the end brings the whole page.
function update(shown, fresh) {
  if (!fresh.hasAttribute("data-progress")) {
    shown.replaceWith(fresh);
    return;
  }
  for (const part of ["progress", ".meter__label p", "dl"]) {
    const old = shown.querySelector(part);
    const next = fresh.querySelector(part);
    if (old && next) {
      old.replaceWith(next);
    }
  }
}

setTimeout(renew, EVERY);
