/* Forms of leaders and drivers survive a bad network: each is kept on the phone under a key of its own until it has an answer, sends itself in
   the order in which it was made, and the key makes the shop do it once. Without script the forms are sent as forms are.
   data-keep: what the list of unsent acts calls it ({name}: what stands in that field); on a button it says so for that button.
   data-stays: the form goes, its details stay open. Details of class work are done one after the other. */
(() => {
  const box = document.getElementById("unsent"), list = document.getElementById("unsent-list"), who = document.body.dataset.who;
  if (!window.indexedDB || !box || !who) return;
  const words = box.dataset;
  const ask = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error); });
  const opened = (() => {
    const request = indexedDB.open("quanzi-leader", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
    return ask(request);
  })();
  const store = async (mode) => (await opened).transaction("acts", mode).objectStore("acts");
  const mine = async () => (await ask((await store("readonly")).getAll())).filter((act) => act.who === who);
  const put = async (act) => ask((await store("readwrite")).put(act));
  const drop = async (id) => ask((await store("readwrite")).delete(id));
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

  const draw = async () => {
    const acts = await mine();
    const waiting = acts.filter((act) => !act.refused).length;
    box.hidden = !acts.length;
    document.getElementById("unsent-title").textContent = waiting ? words.waiting.replace("{n}", waiting) : words.refused;
    for (const id of ["unsent-way", "send-now"]) document.getElementById(id).hidden = !waiting; // what was refused does not go by itself
    list.replaceChildren(...acts.map((act) => {
      const row = document.createElement("li");
      row.className = "spread";
      const text = document.createElement("span");
      text.textContent = `${act.label} · ${clock(act.at)}${act.refused ? ` — ${act.refused}` : ""}`;
      row.append(text);
      if (act.refused) {
        const button = document.createElement("button");
        button.type = "button"; button.className = "btn small"; button.textContent = words.away;
        button.addEventListener("click", async () => { await drop(act.id); draw(); });
        row.append(button);
      }
      return row;
    }));
  };
  const told = (text, isBad) => {
    const out = document.getElementById("told");
    out.textContent = text; out.hidden = false; out.classList.toggle("error", isBad);
  };
  /* What was saved changes what else the page says. It is drawn anew, with the answer, unless somebody is typing in it. */
  const TOLD = "quanzi-told";
  const isUntouched = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked === field.defaultChecked
    : field.type === "file" ? !field.files.length : field.tagName === "SELECT" ? [...field.options].every((one) => one.selected === one.defaultSelected)
    : field.value === field.defaultValue);
  const drawAnew = async (text, isBad) => {
    if ((await mine()).length) return;
    const open = document.querySelectorAll("form[data-keep]:not([hidden], details.counted *)");
    if (![...open].every((form) => [...form.elements].every((field) => field.type === "hidden" || field.type === "submit" || isUntouched(field)))) return;
    try { sessionStorage.setItem(TOLD, JSON.stringify([location.pathname, text, isBad])); } catch { return; }
    location.reload();
  };
  const shelved = document.documentElement.dataset.at; // this page lay on the phone
  if (shelved) told(words.seen.replace("{at}", clock(Number(shelved))), false);
  try {
    const [path, text, isBad] = JSON.parse(sessionStorage.getItem(TOLD) || "[]");
    sessionStorage.removeItem(TOLD);
    if (path === location.pathname) told(text, isBad);
  } catch { /* nothing was said */ }

  document.addEventListener("tell", ({ detail }) => told(detail.text, detail.isBad));

  const send = async (act) => {
    const body = new FormData();
    for (const [name, value] of act.fields) body.append(name, value);
    const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
    return fetch(act.to, {
      method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
  };
  let busy = false;
  const drain = async () => {
    if (busy) return;
    busy = true;
    let last = null;
    try {
      for (const act of (await mine()).filter((one) => !one.refused)) {
        const answer = await send(act);
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { told(words.login, true); return; }
        if (answer.status >= 500 || answer.status === 429) return;
        const { done, said } = await answer.json().catch(() => ({ done: false, said: words.failed }));
        if (done) { await drop(act.id); document.dispatchEvent(new CustomEvent("sent", { detail: act })); }
        else {
          await put({ ...act, refused: said || words.failed });
          const spot = act.spot && document.getElementById(act.spot);
          if (spot) { spot.classList.remove("counted"); spot.open = true; }
        }
        told(said || words.failed, !done);
        last = [said || words.failed, !done];
      }
    } catch { /* no network: it stays, and goes with the next try */ } finally { busy = false; await draw(); }
    if (last) drawAnew(...last);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    if (form.elements.key) form.elements.key.value = newKey();
    const fields = [...new FormData(form, event.submitter)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size));
    const said = Object.fromEntries(fields), details = form.closest("details");
    const label = (event.submitter?.dataset.keep || form.dataset.keep).replace(/\{(\w+)\}/g, (_, name) => said[name] ?? "");
    await put({ who, to: form.getAttribute("action") || location.pathname, fields, label, at: Date.now(), spot: details?.id });
    told(words.kept, false);
    if ("stays" in form.dataset) form.hidden = true;
    else if (details) {
      details.open = false; details.classList.add("counted");
      const next = document.querySelector("details.work:not(.counted)");
      if (next) { next.open = true; next.scrollIntoView({ block: "start" }); }
    } else form.reset();
    await draw();
    drain();
  });
  document.getElementById("send-now").addEventListener("click", drain);
  addEventListener("online", drain);
  setInterval(drain, 20000);
  drain();

  /* These pages open without a network too: app.js empties the shelf for the next person. */
  document.addEventListener("own", ({ detail: own }) => {
    if (shelved) return;
    const copy = document.documentElement.cloneNode(true);
    copy.dataset.at = Date.now();
    const page = new Response(`<!doctype html>${copy.outerHTML}`, { headers: { "Content-Type": "text/html; charset=utf-8" } });
    own.put(`/own/page${location.pathname}`, page);
  });
})();
