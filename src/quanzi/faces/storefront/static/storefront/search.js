/* The list of suggestions as a combobox: arrows, Enter, Escape. Without script the field is a plain search. */
(() => {
  const field = document.querySelector("[data-finder]");
  if (!field) return;
  const box = document.getElementById("suggestions");
  const options = () => [...box.querySelectorAll("[role=option]")];
  const set = (name, value) => field.setAttribute(name, value);
  set("role", "combobox"); set("aria-autocomplete", "list"); set("aria-controls", "suggested"); set("aria-expanded", "false");
  const choose = (index) => {
    const all = options(), one = all[index];
    all.forEach((each) => each.setAttribute("aria-selected", String(each === one)));
    if (one) { set("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  };
  const close = () => { box.replaceChildren(); set("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== box) return;
    if (!field.value.trim() || document.activeElement !== field) { close(); return; }
    set("aria-expanded", String(options().length > 0));
    field.removeAttribute("aria-activedescendant");
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options(), now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      choose(event.key === "ArrowDown" ? (now + 1) % all.length : now < 0 ? all.length - 1 : now - 1);
    } else if (event.key === "Enter" && now >= 0) {
      event.preventDefault();
      location.assign(all[now].dataset.href);
    } else if (event.key === "Escape" && all.length) {
      event.preventDefault();
      close();
    }
  });
  box.addEventListener("mousedown", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) { event.preventDefault(); location.assign(one.dataset.href); }
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
})();
