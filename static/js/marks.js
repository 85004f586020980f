// Marks that wait in this device until the portal has them: kept across reloads, sent again without harm.
"use strict";

const RETRY = 5000;

class MarkQueue {
  // `form` says where to send and who writes; `tell` gets each answer, `say` a sentence about the whole.
  constructor(form, address, origin, tell, say) {
    Object.assign(this, { form, address, origin, tell, say });
    this.place = `marcas:${form.dataset.who}:${address}`;
    this.sending = false;
    addEventListener("online", () => this.send());
  }

  get waiting() {
    try {
      return JSON.parse(localStorage.getItem(this.place)) || [];
    } catch {
      return this.kept || [];
    }
  }

  set waiting(marks) {
    this.kept = marks;
    try {
      if (marks.length) {
        localStorage.setItem(this.place, JSON.stringify(marks));
      } else {
        localStorage.removeItem(this.place);
      }
    } catch {
      // Private windows may refuse storage: the marks stay in this page.
    }
  }

  // What was not sent yet is replaced; what is on its way is left, and answered first.
  add(row, mark, seen) {
    const others = this.waiting.filter((each) => each.row !== row || this.onTheWay?.has(each.id));
    const before = this.waiting.find((each) => each.row === row && !this.onTheWay?.has(each.id));
    const made = { id: newKey(), row, mark, seen: before ? before.seen : seen, at: new Date().toISOString() };
    this.waiting = [...others, made];
    this.say("Guardando…");
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.send(), 400);
  }

  async send() {
    const marks = this.waiting;
    if (this.sending || !marks.length) {
      return;
    }
    clearTimeout(this.later);
    this.sending = true;
    this.onTheWay = new Set(marks.map((each) => each.id));
    this.say("Guardando…");
    let answer = null;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value,
        },
        body: JSON.stringify({ marks, origin: this.origin }),
      });
    } catch {
      // No network: the marks wait.
    }
    this.sending = false;
    await this.heard(answer, marks);
    this.onTheWay = new Set();
  }

  async heard(answer, marks) {
    const number = marks.length === 1 ? "1 marca espera" : `${marks.length} marcas esperan`;
    if (!answer || answer.status >= 500) {
      this.say(`Sin conexión: ${number} en este equipo y se enviarán solas.`, true);
      this.later = setTimeout(() => this.send(), RETRY);
      return;
    }
    const json = (answer.headers.get("Content-Type") || "").includes("application/json");
    if (!json || answer.status === 403) {
      this.say(`Su sesión terminó: ${number} en este equipo. Ingrese otra vez y vuelva a esta página.`, true);
      return;
    }
    const said = await answer.json();
    if (!answer.ok) {
      this.say(said.error, true);
      return;
    }
    const sent = new Set(marks.map((each) => each.id));
    this.waiting = this.waiting.filter((each) => !sent.has(each.id));
    // What was chosen while these travelled is judged against what stands now.
    const now = new Map(said.marks.map((each) => [each.row, each.mark]));
    this.waiting = this.waiting.map((each) => (now.has(each.row) ? { ...each, seen: now.get(each.row) } : each));
    const newer = new Set(this.waiting.map((each) => each.row));
    for (const mark of said.marks) {
      this.tell(mark, newer.has(mark.row));
    }
    const left = said.marks.filter((each) => each.reason).length;
    const settled = left ? "Hay marcas que otra persona cambió: revíselas." : "Todo guardado.";
    this.say(this.waiting.length ? "Guardando…" : settled, left > 0, said.counts);
    this.send();
  }
}

function newKey() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
