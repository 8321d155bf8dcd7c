/* A leader scans lots and pickup codes; what is scanned goes into the forms that keeping.js keeps. */
(() => {
  const words = document.getElementById("unsent")?.dataset;
  const tell = (text) => document.dispatchEvent(new CustomEvent("tell", { detail: { text, isBad: true } }));
  /* Scanning, where the browser can read codes; else the field is typed into. */
  const scan = document.querySelector("[data-scan]"), dialog = document.getElementById("scan");
  if (!scan || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  scan.hidden = false;
  const video = dialog.querySelector("video");
  const stop = () => { video.srcObject?.getTracks().forEach((track) => track.stop()); video.srcObject = null; };
  dialog.addEventListener("close", stop);
  const found = (text) => {
    dialog.close();
    const lot = document.querySelector(`details[data-lot="${CSS.escape(text)}"]`);
    if (lot) { lot.open = true; lot.scrollIntoView({ block: "start" }); return; }
    const code = text.match(/[?&]code=(\d{4,8})/)?.[1] || text.match(/^\d{4,8}$/)?.[0];
    const input = document.querySelector("form[data-keep] input[name=code]");
    if (code && input) { input.value = code; input.form.requestSubmit(); } else tell(words.unknown);
  };
  scan.addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch { tell(words.camera); return; }
    dialog.showModal(); await video.play();
    const reader = new BarcodeDetector();
    while (video.srcObject) {
      const [first] = await reader.detect(video).catch(() => []);
      if (first) { found(first.rawValue); return; }
      await new Promise((done) => { setTimeout(done, 200); });
    }
  });
})();
