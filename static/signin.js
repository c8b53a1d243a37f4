/* What pages of signing in do with a script: passkeys, and printing. Without it the other ways in still work. */
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  // The server's options are JSON; the browser wants bytes in some places, and gives bytes back.
  const readable = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.user ? { excludeCredentials: keys(options.excludeCredentials) } : { allowCredentials: keys(options.allowCredentials) }),
  });
  const written = ({ id, rawId, type, response }) => {
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = text(response[name]);
    }
    if (response.getTransports) parts.transports = response.getTransports();
    return JSON.stringify({ id, rawId: text(rawId), type, response: parts });
  };

  let waiting = null;
  const run = async (form, mediation) => {
    const create = form.dataset.passkey === "create";
    if (create && !form.reportValidity()) return;
    waiting?.abort();
    waiting = new AbortController();
    const asked = { publicKey: readable(JSON.parse(form.dataset.options)), signal: waiting.signal };
    const trouble = form.querySelector("[data-trouble]");
    trouble.textContent = "";
    try {
      const credentials = navigator.credentials;
      const given = await (create ? credentials.create(asked) : credentials.get(mediation ? { ...asked, mediation } : asked));
      form.querySelector("[data-credential]").value = written(given);
      form.submit();
    } catch (error) {
      if (error.name === "AbortError" || mediation) return;
      const known = { NotAllowedError: "cancelled", InvalidStateError: "known" };
      trouble.textContent = trouble.dataset[known[error.name] || "failed"];
    }
  };

  const begin = async (form) => {
    form.querySelectorAll("[data-without-script]").forEach((said) => { said.hidden = true; });
    form.querySelectorAll("[data-with-script]").forEach((part) => { part.hidden = false; });
    form.querySelector("[data-start]").addEventListener("click", () => run(form));
    if ("conditional" in form.dataset && (await PublicKeyCredential.isConditionalMediationAvailable?.())) run(form, "conditional");
  };
  if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(begin);

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
