/* The shop as an app: the worker, what is kept for the member on this device, hearts, goods looked at. Pages work without. */
(() => {
  const { body } = document, OWN = "quanzi-own", SEEN = "quanzi-seen", MOST = 30;
  const me = body.dataset.who;
  const token = () => JSON.parse(body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  const send = (address, fields) => fetch(address, {
    method: "POST", credentials: "same-origin", redirect: "manual",
    headers: { "X-CSRFToken": token(), Accept: "application/json" }, body: new URLSearchParams(fields),
  });

  const unsubscribe = async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    await subscription?.unsubscribe();
  };

  /* This script is deferred, and so are those that come after it and listen for "own": all of them have run by then. */
  const scriptsRan = new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));

  /* What is kept belongs to whoever is logged in; for anybody else it is gone before anything is shown. */
  const keep = async () => {
    if (!("caches" in window) || me === undefined) return;
    const own = await caches.open(OWN);
    const text = async (name) => { const found = await own.match(name); return found ? found.text() : ""; };
    if ((await text("/own/who")) !== me) {
      unsubscribe().catch(() => {}); // not waited for: a push service may take its time, and the shop has forgotten the device already
      for (const request of await own.keys()) await own.delete(request);
      await own.put("/own/who", new Response(me));
    }
    await own.put("/own/language", new Response(document.documentElement.lang));
    await scriptsRan;
    if (me) document.dispatchEvent(new CustomEvent("own", { detail: own }));
  };

  if ("serviceWorker" in navigator && body.dataset.worker) {
    addEventListener("load", () => navigator.serviceWorker.register(body.dataset.worker, { scope: "/" }).catch(() => {}));
  }
  keep().catch(() => {});

  /* Hearts. Without script each is a link to a page that asks. */
  const hearts = (root = document) => [...root.querySelectorAll("a[data-heart]")];
  const show = (heart, on) => {
    heart.setAttribute("role", "button"); heart.setAttribute("aria-pressed", String(on)); heart.classList.toggle("on", on);
  };
  if (me && hearts().length) {
    fetch("/me/wishes/marks", { credentials: "same-origin" }).then((answer) => answer.json()).then(({ slugs }) => {
      const mine = new Set(slugs);
      hearts().forEach((heart) => show(heart, mine.has(heart.dataset.heart)));
    }).catch(() => {});
  }
  const toggle = async (event) => {
    const heart = event.target.closest?.("a[data-heart][role=button]");
    if (!heart || (event.type === "keydown" && event.key !== " ")) return;
    event.preventDefault();
    const on = heart.getAttribute("aria-pressed") !== "true";
    const same = () => hearts().filter((one) => one.dataset.heart === heart.dataset.heart);
    same().forEach((one) => show(one, on));
    const answer = await send(`/wish/${heart.dataset.heart}`, { act: on ? "add" : "remove" }).catch(() => null);
    if (answer?.ok) return;
    same().forEach((one) => show(one, !on));
    if (navigator.onLine) location.assign(heart.href); // the page that asks; without a network one stays here
    else document.dispatchEvent(new CustomEvent("quanzi:say", { detail: document.body.dataset.offline }));
  };
  document.addEventListener("click", toggle);
  document.addEventListener("keydown", toggle);

  /* Goods looked at: kept only where the person chose, on this device or in the account. */
  const choice = document.cookie.match(/(?:^|; )seen=(device|account)/)?.[1];
  const looked = document.querySelector("[data-looked]")?.dataset.looked;
  const list = () => { try { return JSON.parse(localStorage.getItem(SEEN)) || []; } catch { return []; } };
  if (choice !== "device") { try { localStorage.removeItem(SEEN); } catch { /* no storage, nothing kept */ } }
  if (looked && choice === "device") localStorage.setItem(SEEN, JSON.stringify([looked, ...list().filter((one) => one !== looked)].slice(0, MOST)));
  if (looked && choice === "account" && me) send("/seen/note", { slug: looked }).catch(() => {});
})();
