// Reads codes with the camera where the browser can; the box below does the same without it.
"use strict";

const place = document.querySelector("[data-scan]");

if (place) {
  const state = place.querySelector("[data-state]");
  const log = place.querySelector("[data-log]");
  const video = place.querySelector("video");
  const start = place.querySelector("[data-start]");
  const heard = new Map();

  const say = (text) => (state.textContent = text);
  const tell = (mark) => {
    const line = document.createElement("li");
    line.textContent = mark.reason
      ? `${mark.name}: ${mark.reason}`
      : `${mark.name}: ${mark.written ? mark.label.toLowerCase() : "ya registrada"} ${mark.said}`;
    log.prepend(line);
    navigator.vibrate?.(mark.reason ? [80, 60, 80] : 80);
  };
  const queue = new MarkQueue(place, place.dataset.scan, "qr", tell, say);
  queue.send();

  const read = (text) => {
    const found = /(?:#persona-|\/pase\/)(v?[0-9]{1,15})/.exec(text);
    if (!found) {
      say("Ese código no es de una lista ni de una persona de esta edición.");
      return;
    }
    const before = heard.get(found[1]);
    heard.set(found[1], Date.now());
    if (before && Date.now() - before < 4000) {
      return;
    }
    queue.add(found[1], "presente", "");
  };

  const watch = async (detector) => {
    try {
      for (const code of await detector.detect(video)) {
        read(code.rawValue);
      }
    } catch {
      // A frame that is not ready yet.
    }
    setTimeout(() => watch(detector), 200);
  };

  const prepare = async () => {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) {
      return;
    }
    const kinds = await BarcodeDetector.getSupportedFormats();
    if (!kinds.includes("qr_code")) {
      return;
    }
    place.querySelector("[data-camera]").hidden = false;
    start.addEventListener("click", async () => {
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch {
        say("El navegador no permitió usar la cámara: escriba el código.");
        return;
      }
      start.hidden = true;
      video.hidden = false;
      await video.play();
      watch(new BarcodeDetector({ formats: ["qr_code"] }));
    });
  };
  prepare();
}
