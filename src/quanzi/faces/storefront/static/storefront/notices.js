/* Notices on this device: only after a press. */
(() => {
  const bell = document.querySelector("[data-subscribe]");
  if (!bell) return;
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const say = (name) => { document.querySelectorAll("[data-when]").forEach((one) => { one.hidden = one.dataset.when !== name; }); };
  /* A push service that cannot be reached may leave the browser waiting for ever. */
  const soon = (promise) => Promise.race([promise, new Promise((_, refuse) => { setTimeout(refuse, 20000); })]);
  say(!able ? "unable" : Notification.permission === "denied" ? "denied" : "ask");
  bell.hidden = !able;
  bell.addEventListener("click", async () => {
    bell.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") { say("denied"); return; }
      const key = await (await fetch(bell.dataset.key)).text();
      const registration = await soon(navigator.serviceWorker.ready);
      const made = await soon(registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
      const { endpoint, keys } = made.toJSON();
      const form = document.getElementById("subscription");
      Object.assign(form.elements.endpoint, { value: endpoint });
      Object.assign(form.elements.p256dh, { value: keys.p256dh });
      Object.assign(form.elements.auth, { value: keys.auth });
      form.submit();
    } catch { say("failed"); } finally { bell.disabled = false; }
  });
})();
