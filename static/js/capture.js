// The capture of a session made fast: a key per mark, saved as one goes, undone, found. Without it the button saves.
"use strict";

const KEYS = { p: "presente", r: "retardo", f: "falta", j: "justificada", 0: "", Backspace: "", Delete: "" };
const form = document.querySelector("form[data-capture]");

if (form) {
  const rows = [...form.querySelectorAll("fieldset[data-row]:not(:disabled)")];
  const state = form.querySelector("[data-state]");
  const undo = form.querySelector("[data-undo]");
  const done = [];

  const radios = (row) => [...row.querySelectorAll("input[type=radio]")];
  const seen = (row) => row.querySelector("input[type=hidden]");
  const chosen = (row) => radios(row).find((each) => each.checked)?.value ?? "";
  const show = (row, mark) => {
    row.dataset.last = mark;
    for (const each of radios(row)) {
      each.checked = each.value === mark;
    }
  };

  const say = (text, warn = false, counts = null) => {
    state.textContent = text;
    state.classList.toggle("desk-person__note", warn);
    if (counts) {
      const figures = document.querySelectorAll("[data-counts] strong");
      counts.forEach((number, place) => (figures[place].textContent = number));
    }
  };

  const tell = (mark, newer) => {
    const row = form.querySelector(`fieldset[data-row="${mark.row}"]`);
    if (!row) {
      return;
    }
    seen(row).value = mark.mark;
    row.querySelector("[data-said]").textContent = mark.said;
    const note = row.querySelector("[data-note]");
    note.textContent = mark.reason;
    note.hidden = !mark.reason;
    row.classList.toggle("desk-person--conflict", Boolean(mark.reason));
    if (!newer) {
      show(row, mark.mark);
    }
  };

  const queue = new MarkQueue(form, form.dataset.capture, "pantalla", tell, say);

  const write = (row, mark, remember = true) => {
    const before = row.dataset.last;
    if (before === mark) {
      return;
    }
    show(row, mark);
    if (remember) {
      done.push([row, before]);
      undo.hidden = false;
    }
    queue.add(row.dataset.row, mark, seen(row).value);
  };

  const takeBack = () => {
    const last = done.pop();
    undo.hidden = !done.length;
    if (last) {
      write(last[0], last[1], false);
      focus(last[0]);
    }
  };

  const focus = (row) => {
    const target = radios(row).find((each) => each.checked) || radios(row)[0];
    target.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  };

  const step = (row, by) => {
    const shown = rows.filter((each) => !each.hidden);
    const next = shown[shown.indexOf(row) + by];
    if (next) {
      focus(next);
    }
  };

  form.addEventListener("change", (event) => {
    const row = event.target.closest("fieldset[data-row]");
    if (row && event.target.type === "radio") {
      write(row, event.target.value);
    }
  });

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("fieldset[data-row]");
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && event.target.type === "radio") {
      event.preventDefault();
      takeBack();
      return;
    }
    if (!row || event.target.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in KEYS) {
      event.preventDefault();
      write(row, KEYS[key]);
      step(row, 1);
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      step(row, key === "ArrowDown" ? 1 : -1);
    }
  });

  undo.addEventListener("click", takeBack);

  const find = document.querySelector("[data-find]");
  const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const sift = () => {
    const words = bare(find.querySelector("input[type=search]").value).split(/\s+/).filter(Boolean);
    const only = find.querySelector("[data-only]").checked;
    for (const row of form.querySelectorAll("fieldset[data-row]")) {
      const name = bare(row.querySelector("legend").textContent);
      row.hidden = !words.every((word) => name.includes(word)) || (only && chosen(row) !== "");
    }
  };
  if (find) {
    find.hidden = false;
    find.addEventListener("input", sift);
  }

  // What the browser remembered of an earlier visit is not what the portal said.
  for (const row of rows) {
    row.dataset.last = chosen(row);
  }
  for (const mark of queue.waiting) {
    const row = form.querySelector(`fieldset[data-row="${mark.row}"]`);
    if (row) {
      show(row, mark.mark);
    }
  }
  queue.send();
  say(queue.waiting.length ? "Enviando lo que esperaba en este equipo…" : "Cada marca se guarda sola.");
}
