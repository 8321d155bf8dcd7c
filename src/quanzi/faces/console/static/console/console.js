/* Keys of the console beside those of quanzi.js: "/" finds; arrows walk the cells of a figure table, and the strip under it follows. */
(() => {
  const $ = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* A bar about picked rows appears with the first pick. */
  $("[data-picked]").forEach((bar) => { bar.hidden = !$("tbody input[type=checkbox]:checked", bar.closest("[data-batch]")).length; });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, [contenteditable]") || event.metaKey || event.ctrlKey || event.altKey) return;
    let off = false;
    try { off = localStorage.getItem("quanzi-letters") === "off"; } catch { /* no storage: on */ }
    if (event.key === "/" && !off) {
      const find = document.getElementById("find");
      if (find) { event.preventDefault(); find.focus(); find.select(); }
      return;
    }
    const table = event.target.closest("[data-cells]");
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!table || !by) return;
    const rows = $("tr", table).map((row) => $("a[data-cell]", row)).filter((row) => row.length);
    const y = rows.findIndex((row) => row.includes(event.target));
    if (y < 0) return;
    const x = rows[y].indexOf(event.target);
    const row = rows[Math.min(rows.length - 1, Math.max(0, y + by[0]))];
    const next = row[Math.min(row.length - 1, Math.max(0, x + by[1]))];
    if (next) { event.preventDefault(); next.focus(); }
  });

  /* The strip says which figure is chosen, what it means, and where its list is. */
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest("a[data-cell]");
    const strip = cell && document.getElementById("strip");
    if (!strip) return;
    $(".cell-now").forEach((old) => old.classList.remove("cell-now"));
    cell.closest("td").classList.add("cell-now");
    const [where, value, meaning, open] = ["where", "value", "meaning", "open"].map((name) => strip.querySelector(`[data-${name}]`));
    where.textContent = cell.dataset.cell;
    value.textContent = cell.dataset.value;
    meaning.textContent = cell.dataset.meaning;
    open.href = cell.href;
  });
})();
