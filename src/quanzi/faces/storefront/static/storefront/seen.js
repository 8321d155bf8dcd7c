/* Goods looked at on this device only: the list never leaves it, except as the question which goods these are. */
(() => {
  const shelf = document.querySelector("[data-seen-shelf]");
  let list = [];
  try { list = JSON.parse(localStorage.getItem("quanzi-seen")) || []; } catch { /* no storage, nothing kept */ }
  if (!shelf || !list.length || !/(?:^|; )seen=device/.test(document.cookie)) return;
  fetch(`${shelf.dataset.seenShelf}?${new URLSearchParams(list.map((slug) => ["p", slug]))}`)
    .then((answer) => answer.text()).then((html) => { shelf.innerHTML = html; }).catch(() => {});
  document.querySelectorAll("[data-clears]").forEach((form) => form.addEventListener("submit", () => localStorage.removeItem("quanzi-seen")));
})();
