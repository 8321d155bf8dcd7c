/* The page without a network: pickup codes that this device has seen, and back to where one was going. */
(async () => {
  const again = document.querySelector("[data-again]");
  if (again) again.href = location.pathname === "/offline" ? "/" : location.href;
  addEventListener("online", () => again && location.assign(again.href));
  const box = document.getElementById("codes");
  const kept = "caches" in window && (await (await caches.open("quanzi-own")).match("/own/codes"));
  const codes = kept ? await kept.json() : [];
  if (!box || !codes.length) return;
  for (const { number, code, point, qr, at } of codes) {
    const card = document.createElement("div");
    card.className = "card stack center";
    const line = (words, cls) => { const p = document.createElement("p"); p.className = cls; p.textContent = words; card.append(p); };
    if (qr) {
      const picture = document.createElement("img");
      picture.src = `data:image/svg+xml,${encodeURIComponent(qr)}`; picture.alt = ""; picture.width = picture.height = 180;
      picture.className = "mid-picture"; card.append(picture);
    }
    line(box.dataset.code, "meta"); line(code, "state"); line(point, "row-text");
    line(`${number} · ${box.dataset.seen.replace("{day}", new Date(at).toLocaleString(document.documentElement.lang))}`, "meta");
    box.append(card);
  }
  box.hidden = false;
  document.getElementById("no-codes").parentElement.hidden = true;
})();
