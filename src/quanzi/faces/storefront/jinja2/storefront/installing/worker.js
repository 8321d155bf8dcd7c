/* The page without a network, and notices. Pages are always asked of the shop first, and never kept: no stale price, nobody else's page. */
const SHELL = {{ ("quanzi-shell-" ~ version)|tojson }};
const OWN = "quanzi-own"; // what this member's pages put there; emptied by app.js when somebody else is logged in, or nobody
const FILES = {{ shell|tojson }};
const PAGES = {{ pages|tojson }};
const ICON = {{ icon|tojson }};
const LEFT_ALONE = ["/api/", "/media/", "/static/"];

addEventListener("install", (event) => {
  const kept = [...FILES, ...PAGES].map((address) => new Request(address, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(kept)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const forget = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("quanzi-shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(forget());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.some((file) => new URL(file, location).href === request.url)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { cacheName: SHELL })));
  } else if (request.mode === "navigate" && !LEFT_ALONE.some((way) => pathname.startsWith(way))) {
    event.respondWith(fetch(request).then((answer) => known(answer, pathname), () => away(pathname)));
  }
});

/* Who may not see a page any more does not keep it either. */
async function known(answer, pathname) {
  if (answer.status === 403 || answer.status === 404) await (await caches.open(OWN)).delete(`/own/page${pathname}`);
  return answer;
}

async function away(pathname) {
  const own = await caches.open(OWN);
  const kept = await own.match(`/own/page${pathname}`); // a leader's or driver's page, kept by keeping.js on their phone
  if (kept) return kept;
  const told = await own.match("/own/language");
  const language = told ? await told.text() : self.navigator.language;
  const page = PAGES[language.startsWith("en") ? 1 : 0];
  return (await caches.match(page, { cacheName: SHELL })) || Response.error();
}

addEventListener("push", (event) => {
  if (!event.data) return;
  const { title, body, link, tag } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body, tag, icon: ICON, badge: ICON, data: link }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data || "/", location.origin);
  if (link.origin === location.origin) event.waitUntil(clients.openWindow(link.href));
});
