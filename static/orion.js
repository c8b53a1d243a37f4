/* What the pages do beyond HTML, all of it optional: without this file every link and form still works. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // htmx never evaluates text here: both function constructors answer nothing, and scripts in fragments are emptied.
  const nothing = () => ({ call: () => undefined });
  const pass = { createHTML: (text) => text, createScript: () => "" };
  window.htmx?.registerExtension("orion-sec", {
    init(api) {
      const policy = window.trustedTypes ? trustedTypes.createPolicy("htmx", pass) : pass;
      const constructor = function () { return nothing(); };
      api.initSecurity(policy, constructor, constructor);
    },
  });

  // Without htmx (not fetched, or lost on the way) the pages do as they do without JavaScript.
  if (!window.htmx) {
    const address = new URL(location.href);
    if ($(".tile-loader") && !address.searchParams.has("inline")) {
      address.searchParams.set("inline", "1");
      location.replace(address);
    }
    document.addEventListener("change", ({ target }) => {
      if (target.form?.matches("form.toolbar")) target.form.requestSubmit();
    });
  }

  const on = (name, handler) => document.addEventListener(name, handler);
  // The batch loader fills tiles that do not ask by themselves.
  const regions = (ctx) => {
    const named = ctx.sourceElement?.dataset?.fills;
    return named ? $$(named) : ctx.target ? [ctx.target] : [];
  };

  const say = (text) => { $("#live").textContent = text; };

  const fail = (ctx) => {
    for (const region of regions(ctx)) {
      const tile = region.closest(".tile");
      const message = $(tile ? "#tile-error" : "#page-error")?.content.firstElementChild?.cloneNode(true);
      if (!message) continue;
      if (!tile) { $("#notices").replaceChildren(message); continue; }
      say($("p", message).textContent);
      const link = $("[data-retry]", message);
      if (link) { link.id = region.id + "-retry"; link.href = region.getAttribute("hx-get") || location.href; }
      $(".failed", region)?.remove();
      if ($(".value, .ranked, .stack-bar", region)) region.append(message);
      else region.replaceChildren(message);
    }
  };

  let lost = null;
  on("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const source = ctx.sourceElement;
    const unseen = source?.matches?.(".tile-loader") && source.getBoundingClientRect().top > innerHeight;
    if (unseen || (ctx.sourceEvent?.type === "every" && document.hidden)) event.preventDefault();
    if (ctx.sourceEvent?.target?.type === "search" && ctx.push) { ctx.replace = ctx.push; ctx.push = null; }
  });
  on("htmx:before:request", (event) => {
    const areas = regions(event.detail.ctx);
    lost = areas.find((region) => region.contains(document.activeElement)) || lost;
    areas.forEach((region) => region.setAttribute("aria-busy", "true"));
  });
  on("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const headers = ctx.response.headers;
    if (ctx.response.status < 400 || headers.has("X-Orion-Fragment") || headers.has("HX-Redirect")) return;
    ctx.swap = "none";
    ctx.orionFailed = true;
    event.preventDefault(); // an error page of a proxy is never swapped in, nor is its title
    fail(ctx);
  });
  on("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (ctx) fail(ctx);
  });
  on("htmx:finally:request", (event) => {
    for (const region of regions(event.detail.ctx)) region.removeAttribute("aria-busy");
    if (lost && document.activeElement === document.body) lost.closest("[tabindex]")?.focus({ preventScroll: true });
    lost = null;
    const count = $("[data-announce]", event.detail.ctx.target || document);
    if (event.detail.ctx.target?.matches?.(".results-region") && count) say(count.textContent.trim());
  });
  on("visibilitychange", () => {
    if (!document.hidden) $$(".tile-loader").forEach((loader) => loader.dispatchEvent(new Event("tile:refresh")));
  });

  // Keys and dialogs are a script of their own, which is fetched when the first of them is wanted.
  let loaded = null;
  on("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const link = event.target.closest("a[data-dialog]");
    if (link && plain) {
      event.preventDefault();
      (loaded = loaded || import(document.body.dataset.script)).then((module) => module.open(link), () => location.assign(link.href));
    }
    const retry = event.target.closest("[data-retry]");
    if (retry && window.htmx && plain) {
      const body = retry.closest(".tile-body");
      if (body?.hasAttribute("hx-get")) {
        event.preventDefault();
        body.dispatchEvent(new Event("tile:refresh"));
      }
    }
    // A line goes where the cursor stands, as if it had been typed.
    const insert = event.target.closest("[data-insert]");
    const into = insert && document.getElementById(insert.dataset.into);
    if (into) {
      into.setRangeText(insert.dataset.insert, into.selectionStart, into.selectionEnd, "end");
      into.focus();
      into.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".alert")?.remove();
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  on("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); }
    }
    const { keys, script } = document.body.dataset;
    const held = event.ctrlKey || event.metaKey;
    const key = (held ? "ctrl+" : "") + event.key?.toLowerCase();
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!keys || event.altKey || event.key?.length !== 1 || (held ? !keys.includes(key) : typing)) return;
    if (held || "/?".includes(key)) event.preventDefault();
    loaded = loaded || (` ${keys} `.includes(` ${key} `) && import(script));
    if (loaded) loaded.then((module) => module.press(key));
  });

  // Files that are dropped are as if they had been chosen.
  for (const name of ["dragover", "drop"]) on(name, (event) => {
    const area = event.target.closest?.("[data-drop]");
    if (!area || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const input = document.getElementById(area.dataset.drop);
    if (name !== "drop" || !input) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  on("change", ({ target }) => {
    const names = target.type === "file" && $("[data-dropped]", target.form);
    if (names) names.textContent = [...target.files].map((file) => file.name).join(", ");
    if (target.matches("[data-check-all]")) $$("[name=row]", target.form).forEach((box) => { box.checked = target.checked; });
  });

  // An address says what is asked for, and leaves out what is not.
  on("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  on("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-theme-form]") && event.submitter) {
      event.preventDefault();
      const theme = event.submitter.value;
      document.documentElement.dataset.theme = theme;
      const [host, secure] = location.protocol === "https:" ? ["__Host-", "; Secure"] : ["", ""];
      document.cookie = `${host}orion_theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
      $$("button", form).forEach((button) => button.setAttribute("aria-pressed", String(button === event.submitter)));
    } else if (form.method === "post") {
      if (form.dataset.sent) event.preventDefault(); // a second click does not send the form again
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 4000);
    }
  });
})();
