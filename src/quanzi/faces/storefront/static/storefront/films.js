/* A film is sent ahead of its form, in parts, while one writes. What arrived is not sent again. Without script the form sends it. */
(() => {
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); addEventListener("online", done, { once: true }); });

  /* Asks again as long as the network or the shop is away; a refusal is thrown with its words. */
  const ask = async (address, body, waiting) => {
    for (let pause = 1000; ; pause = Math.min(pause * 2, 30000)) {
      const headers = { "X-CSRFToken": token(), Accept: "application/json", "Accept-Language": document.documentElement.lang };
      if (typeof body === "string") headers["Content-Type"] = "application/json";
      const answer = await fetch(address, { method: body ? "POST" : "GET", credentials: "same-origin", headers, body }).catch(() => null);
      if (answer?.ok) return answer.json();
      if (answer && answer.status === 409) return null;
      if (answer && answer.status < 500 && ![408, 429].includes(answer.status)) {
        const told = await answer.json().catch(() => ({}));
        throw new Error(told.errors?.[0]?.detail || told.detail || told.title || String(answer.status));
      }
      waiting();
      await sleep(pause);
    }
  };

  const seconds = (file) => new Promise((done) => {
    const video = document.createElement("video"), address = URL.createObjectURL(file);
    const end = (length) => { URL.revokeObjectURL(address); done(length); };
    video.preload = "metadata"; video.onloadedmetadata = () => end(video.duration); video.onerror = () => end(0);
    setTimeout(() => end(0), 3000); video.src = address;
  });

  for (const box of document.querySelectorAll("[data-film]")) {
    const input = box.querySelector("input[type=file]"), code = box.querySelector("[name=film_code]");
    const bar = box.querySelector("progress"), state = box.querySelector("[data-film-state]"), form = box.closest("form");
    let turn = 0, held = null;
    const say = (words, percent) => { state.textContent = (words || "").replace("{percent}", `${percent} %`); bar.value = percent || 0; };
    const idle = () => { bar.hidden = true; delete box.dataset.busy; };

    const send = async (file, mine) => {
      const key = crypto.randomUUID?.() || `${Date.now()}-${Math.random().toString(36).slice(2)}`;
      let percent = 0, film = null;
      const waiting = () => mine === turn && say(box.dataset.waiting, percent);
      film = await ask("/api/v1/films", JSON.stringify({ key, size: file.size }), waiting);
      while (mine === turn && film.state === "arriving") {
        const part = new FormData();
        part.append("offset", film.received);
        part.append("file", file.slice(film.received, film.received + film.part_bytes), "part");
        film = (await ask(`/api/v1/films/${film.code}/parts`, part, waiting)) || (await ask(`/api/v1/films/${film.code}`, null, waiting));
        percent = Math.floor((film.received / film.size) * 100);
        if (mine === turn) say(box.dataset.sending, percent);
      }
      return film;
    };

    input.addEventListener("change", async () => {
      const [file] = input.files, mine = ++turn;
      code.value = ""; say("");
      if (!file) { idle(); return; }
      const refuse = (words) => { if (mine !== turn) return; input.value = ""; idle(); say(words); held = null; };
      if (file.size > box.dataset.most * 1024 * 1024) { refuse(box.dataset.tooLarge); return; }
      box.dataset.busy = ""; bar.hidden = false; say(box.dataset.sending, 0);
      if ((await seconds(file)) > Number(box.dataset.seconds) + 1) { refuse(box.dataset.tooLong); return; }
      try {
        const film = await send(file, mine);
        if (mine !== turn) return;
        code.value = film.code; input.value = ""; idle(); say(box.dataset.sent);
        if (held) form.requestSubmit(held.button);
      } catch (error) { refuse(error.message); }
    });

    /* Before anybody else hears of it: a form whose film is on its way waits for it. */
    form.addEventListener("submit", (event) => {
      if (!("busy" in box.dataset)) return;
      event.preventDefault(); event.stopImmediatePropagation();
      held = { button: event.submitter }; say(box.dataset.hold);
    }, true);
  }
})();
