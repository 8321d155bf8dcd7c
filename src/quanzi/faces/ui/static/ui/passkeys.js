/* Passkeys: a form with data-passkey asks the device, puts its answer into `credential` and sends itself.
   data-passkey: create, get, or the address that answers with what to ask for. data-options: what to ask for, else.
   data-failed, data-unfit: what to say when it came to nothing, or cannot. */
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (rows) => (rows || []).map((row) => ({ ...row, id: bytes(row.id) }));

  const create = async ({ publicKey: asked }) => {
    const publicKey = {
      ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: listed(asked.excludeCredentials),
      authenticatorSelection: { ...asked.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" },
    };
    const made = await navigator.credentials.create({ publicKey });
    const { clientDataJSON, attestationObject } = made.response;
    return { made, response: { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) } };
  };
  const get = async ({ publicKey: asked }) => {
    const made = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) } });
    const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
    const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
    if (userHandle) response.userHandle = text(userHandle);
    return { made, response };
  };
  const answer = async (form) => {
    const kind = form.dataset.passkey;
    if (kind === "create") return create(JSON.parse(form.dataset.options));
    if (kind === "get") return get(JSON.parse(form.dataset.options));
    const found = await fetch(kind, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    return get((await found.json()).request_options);
  };
  const say = (form, words) => {
    const place = form.querySelector("[data-says]");
    place.textContent = words; place.hidden = false;
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.passkey) return;
    event.preventDefault(); event.stopPropagation();
    if (!window.PublicKeyCredential) { say(form, form.dataset.unfit); return; }
    try {
      const { made, response } = await answer(form);
      const { id, type, authenticatorAttachment } = made;
      form.elements.credential.value = JSON.stringify({ id, rawId: text(made.rawId), type, authenticatorAttachment, response, clientExtensionResults: made.getClientExtensionResults() });
      form.submit();
    } catch { say(form, form.dataset.failed); }
  }, true);
})();
