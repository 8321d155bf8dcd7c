/* Small conveniences. Every page works without them. */
(() => {
  const $ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  const say = (text) => {
    let box = document.getElementById("say");
    if (!box) {
      box = document.createElement("p");
      box.id = "say"; box.className = "toast"; box.setAttribute("role", "status");
      body.append(box);
    }
    box.textContent = text; box.hidden = false;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { box.hidden = true; }, 2600);
  };

  /* Waterfall: each card spans as many 1 px rows as it is high. */
  const pack = (grid) => {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const gap = parseFloat(getComputedStyle(grid).columnGap) || 12;
    if (columns < 2) return;
    grid.dataset.packed = "";
    for (const cell of grid.children) {
      cell.style.gridRowEnd = "span 1";
      cell.style.gridRowEnd = `span ${Math.ceil(cell.getBoundingClientRect().height + gap)}`;
    }
  };
  const packAll = () => $("[data-waterfall]").forEach(pack);

  document.addEventListener("quanzi:say", (event) => say(event.detail));

  /* Without a network nothing is sent, and what was entered stays. Forms that keep what they are told for later see to it themselves. */
  document.addEventListener("submit", (event) => {
    const to = new URL(event.target.action || location.href, location);
    if (navigator.onLine || event.target.matches("[data-keep]") || event.target.method === "dialog" || to.origin !== location.origin) return;
    event.preventDefault(); event.stopImmediatePropagation();
    say(body.dataset.offline);
  });

  /* A form sends once: the second press does nothing until the page is shown again. What is printed opens beside it and locks nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-many")) return;
    const button = event.submitter;
    if ((button?.formTarget || form.target) === "_blank") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (button) { button.dataset.busy = ""; button.setAttribute("aria-busy", "true"); }
  });
  const release = (root = document) => {
    $("form[data-sent]", root).forEach((form) => delete form.dataset.sent);
    $("[data-busy]", root).forEach((button) => { delete button.dataset.busy; button.removeAttribute("aria-busy"); });
  };
  addEventListener("pageshow", () => release());
  document.addEventListener("htmx:afterRequest", (event) => { if (!event.detail.successful) release(); });
  document.addEventListener("htmx:afterSettle", () => { release(); packAll(); });
  document.addEventListener("htmx:sendError", () => { release(); body.classList.add("is-offline"); });

  document.addEventListener("click", async (event) => {
    const on = (name) => event.target.closest(`[${name}]`);
    let el = on("data-by");
    if (el) {
      const input = el.closest("[data-qty]").querySelector("input");
      const step = Number(input.step) || 1, digits = (String(input.step).split(".")[1] || "").length;
      const next = (Number(input.value) || 0) + Math.sign(Number(el.dataset.by)) * step;
      input.value = Math.min(Number(input.max), Math.max(Number(input.min), next)).toFixed(digits);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if ((el = on("data-copy"))) {
      const text = new URL(el.dataset.copy, location.href).href;
      try { await navigator.clipboard.writeText(text); say(body.dataset.copied); } catch { prompt("", text); }
    }
    if ((el = on("data-share"))) {
      const url = new URL(el.dataset.share, location.href).href;
      if (navigator.share) navigator.share({ title: el.dataset.title, text: el.dataset.text, url }).catch(() => {});
      else { try { await navigator.clipboard.writeText(url); say(body.dataset.copied); } catch { prompt("", url); } }
    }
    if ((el = on("data-toggle"))) {
      const target = document.getElementById(el.dataset.toggle);
      if (target) { event.preventDefault(); target.hidden = !target.hidden; el.classList.toggle("on", !target.hidden); }
    }
    if ((el = on("data-opens"))) {
      const dialog = document.getElementById(el.dataset.opens);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.close(); dialog.showModal(); }
    }
    if (event.target.matches("dialog.sheet")) event.target.close();
  });

  /* Pictures are seen before they are sent: beside a name like IMG_2041.jpg nobody knows which one it is. */
  const SHOWN = 12;
  const showChosen = (input) => {
    const drop = input.parentElement, label = drop.querySelector("[data-files]");
    if (!label) return;
    const files = [...input.files], row = document.createElement("span");
    label.dataset.files ||= label.textContent;
    label.textContent = files.map((file) => file.name).join(body.parentElement.lang.startsWith("zh") ? "，" : ", ") || label.dataset.files;
    drop.querySelectorAll(".picked img").forEach((old) => URL.revokeObjectURL(old.src));
    drop.querySelector(".picked")?.remove();
    row.className = "picked";
    files.filter((file) => file.type.startsWith("image/")).slice(0, SHOWN).forEach((file) => {
      const picture = new Image();
      picture.alt = "";
      picture.onerror = () => picture.remove(); // a kind that this browser cannot draw; the name stands there
      picture.src = URL.createObjectURL(file);
      row.append(picture);
    });
    if (row.children.length) label.before(row);
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.matches("[data-submits]")) {
      clearTimeout(input.waits); // whoever steps a number up twice means one change
      input.waits = setTimeout(() => input.form.requestSubmit(), input.type === "number" ? 700 : 0);
    }
    if (input.matches("[data-all]")) {
      $(`input[name="${input.dataset.all}"]`, input.form || document).forEach((box) => { box.checked = input.checked; });
    }
    if (input.type === "file") showChosen(input);
    const batch = input.closest("[data-batch]");
    if (batch) countPicked(batch);
  });

  /* How many rows of a list are ticked: also of those that a refusal, or going back, left ticked. */
  const countPicked = (batch) => {
    const picked = $("tbody input[type=checkbox]:checked", batch).length;
    $("[data-picked]", batch).forEach((bar) => { bar.hidden = !picked; });
    $("[data-picked-count]", batch).forEach((out) => { out.textContent = picked; });
  };
  addEventListener("pageshow", () => $("[data-batch]").forEach(countPicked));

  /* Keys of the console: ⌘K finds, J and K move, Enter opens. Letters alone can be switched off, for those whose voice or hand writes them unasked. */
  const lettersOff = () => { try { return localStorage.getItem("quanzi-letters") === "off"; } catch { return false; } };
  $("[data-letters]").forEach((button) => {
    const draw = () => { body.classList.toggle("no-letters", lettersOff()); };
    button.hidden = false; draw();
    button.addEventListener("click", () => { try { localStorage.setItem("quanzi-letters", lettersOff() ? "on" : "off"); } catch { /* stays on */ } draw(); });
  });
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      const find = document.getElementById("find");
      if (find) { event.preventDefault(); find.focus(); find.select(); }
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]") || event.metaKey || event.ctrlKey || event.altKey || lettersOff()) return;
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (step) {
      const rows = $("[data-key-row]");
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
      if (next) { event.preventDefault(); (next.matches("a,button") ? next : next.querySelector("a,button") || next).focus(); }
    }
    const turn = { "[": "[data-key-previous]", "]": "[data-key-next]" }[event.key];
    if (turn) document.querySelector(turn)?.click();
  });

  /* Pictures of a gallery tell which one is shown. */
  $(".hero .gallery").forEach((gallery) => {
    const at = gallery.parentElement.querySelector("[data-at]");
    if (at) gallery.addEventListener("scroll", () => {
      at.textContent = `${Math.round(gallery.scrollLeft / gallery.clientWidth) + 1} / ${at.dataset.at}`;
    }, { passive: true });
  });

  const network = () => body.classList.toggle("is-offline", !navigator.onLine);
  addEventListener("online", network); addEventListener("offline", network); network();
  let wait; addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(packAll, 120); });
  packAll(); addEventListener("load", packAll);
})();
