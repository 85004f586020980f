// Quick exit of the pages on violence. Without this file the button is a plain link to the same place.
"use strict";

(() => {
  const destination = document.currentScript.dataset.exit;
  const mark = "salida";
  const pause = 1000;
  let presses = 0;
  let last = 0;

  const forget = () => {
    for (const form of document.forms) form.reset();
    try {
      localStorage.clear();
      sessionStorage.clear();
      sessionStorage.setItem(mark, "1");
      if (window.caches) caches.keys().then((names) => names.forEach((name) => caches.delete(name)));
    } catch {
      // A browser that keeps nothing has nothing to clear.
    }
  };

  const leave = () => {
    document.documentElement.classList.add("is-leaving");
    forget();
    history.replaceState(null, "", "/");
    location.replace(destination);
  };

  const left = () => {
    try {
      return sessionStorage.getItem(mark) === "1";
    } catch {
      return false;
    }
  };

  const comesBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

  if (left() && comesBack()) {
    leave();
    return;
  }
  try {
    sessionStorage.removeItem(mark);
  } catch {
    // Nothing was kept.
  }

  window.addEventListener("pageshow", (event) => {
    if (event.persisted && left()) leave();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("a[data-quick-exit]")) {
      event.preventDefault();
      leave();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = 0;
      return;
    }
    if (event.repeat) return;
    presses = event.timeStamp - last > pause ? 1 : presses + 1;
    last = event.timeStamp;
    if (presses === 3) leave();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const words of document.querySelectorAll("[data-quick-exit-keys]")) words.hidden = false;
  });
})();
