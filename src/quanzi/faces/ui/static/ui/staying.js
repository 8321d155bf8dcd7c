/* Where one was: after a press that draws the same page again, focus and place stay; a refused form leads to what is wrong. */
(() => {
  const PLACE = "quanzi-was", SECONDS = 15;
  const SAME_PAGE = ".chips, .segmented, .choices, [data-stays]";
  const body = document.body, main = document.getElementById("main") || body;
  const hidden = (form) => [...form.elements].filter((field) => field.type === "hidden" && !["csrfmiddlewaretoken", "key"].includes(field.name)).map((field) => `${field.name}=${field.value}`);
  const traits = (el) => {
    const form = el.form || el.closest("form");
    return {
      id: el.id, tag: el.tagName, name: el.name || "", label: el.getAttribute("aria-label") || el.textContent.trim(),
      form: form ? [form.getAttribute("action") || "", ...hidden(form)].join(" ") : "",
    };
  };
  const keep = (el) => {
    try { sessionStorage.setItem(PLACE, JSON.stringify({ path: location.pathname, at: Date.now(), top: scrollY, el: traits(el) })); } catch { /* no storage: one starts at the top */ }
  };
  const taken = () => {
    try {
      const was = JSON.parse(sessionStorage.getItem(PLACE) || "null");
      sessionStorage.removeItem(PLACE);
      return was && was.path === location.pathname && Date.now() - was.at < SECONDS * 1000 ? was : null;
    } catch { return null; }
  };
  const found = (was) => {
    const near = [...document.querySelectorAll(was.tag)].map((el) => [el, traits(el)]);
    const by = (...names) => near.find(([, one]) => names.every((name) => one[name] === was[name]))?.[0];
    return (was.id && by("id")) || by("form", "name", "label") || (was.form && by("form")) || null;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || (event.submitter?.formTarget || form.target) === "_blank") return;
    const focused = document.activeElement;
    keep(event.submitter || (form.contains(focused) && focused.form === form ? focused : form.querySelector("button, input:not([type=hidden])")) || form);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || !link.closest(SAME_PAGE)) return;
    const to = new URL(link.href, location);
    if (to.pathname === location.pathname && to.search !== location.search) keep(link);
  });

  const was = taken();
  const wrong = "refused" in body.dataset && main.querySelector('[aria-invalid="true"], .error, .notice.danger');
  if (wrong) {
    document.title = `${body.dataset.refused} · ${document.title}`;
    if (!wrong.matches("input, select, textarea, button, a[href]")) wrong.tabIndex = -1;
    wrong.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center", behavior: "instant" });
  } else if (was) {
    if (!location.hash) scrollTo({ top: was.top, behavior: "instant" });
    const refocus = () => { if (document.activeElement === body) found(was.el)?.focus({ preventScroll: true }); };
    if (location.hash) addEventListener("load", () => setTimeout(refocus)); // an address with a place in it takes focus away first
    else refocus();
    const told = main.querySelector(".flash");
    if (told && told.getBoundingClientRect().bottom < 0) document.dispatchEvent(new CustomEvent("quanzi:say", { detail: told.textContent.trim() }));
  }
})();
