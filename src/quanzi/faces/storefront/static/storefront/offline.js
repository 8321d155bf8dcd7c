/* The page without a network: pages and pickup codes that this device has seen, and back to where one was going. */
(async () => {
  const again = document.querySelector("[data-again]");
  if (again) again.href = location.pathname === "/offline" ? "/" : location.href;
  addEventListener("online", () => again && location.assign(again.href));
  if (!("caches" in window)) return;
  const box = document.getElementById("codes"), pages = document.getElementById("pages"), own = await caches.open("quanzi-own");
  for (const request of await own.keys()) {
    const path = new URL(request.url).pathname.replace(/^\/own\/page/, "");
    if (!pages || !request.url.includes("/own/page/")) continue;
    const link = document.createElement("a");
    link.href = path; link.className = "btn full";
    link.textContent = new DOMParser().parseFromString(await (await own.match(request)).text(), "text/html").title;
    pages.append(link); pages.hidden = false;
  }
  const kept = await own.match("/own/codes");
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
