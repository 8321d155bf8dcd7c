/* Words in another language than the page's are marked as such, so that they are read aloud and drawn in their own:
   names of goods and what people wrote stay as they were written, whichever language the page speaks. */
(() => {
  const HAN = /\p{Script=Han}/gu, LATIN = /\p{Script=Latin}+/gu;
  const isChinese = document.documentElement.lang.startsWith("zh");
  const FEW = isChinese ? 2 : 0; // so many foreign words are at home in a Chinese sentence
  const count = (text, letters) => (text.match(letters) || []).length;
  const spoken = (text) => {
    const han = count(text, HAN), words = count(text, LATIN);
    return han > words ? "zh-Hans" : !han && words > FEW ? "en" : "";
  };
  const primary = (tag) => tag.split("-")[0];
  const mark = (root) => {
    const seen = new Set(), walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const el = walk.currentNode.parentElement;
      if (!el || seen.has(el) || !walk.currentNode.data.trim() || el.closest("script, style, svg")) continue;
      seen.add(el);
      const tongue = spoken([...el.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join(" "));
      if (tongue && primary(el.closest("[lang]").lang) !== primary(tongue)) el.lang = tongue;
    }
  };
  mark(document.body);
  document.addEventListener("htmx:afterSwap", (event) => mark(event.detail.elt));
})();
