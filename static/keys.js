// Keys and the dialogs that they open. A page fetches this when the first key is pressed; which key does what
// is written on its body (data-keys), from orion/desk/keys.py.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const pairs = document.body.dataset.keys.split(" ");
const does = new Map(pairs.flatMap((key, i) => (i % 2 ? [] : [[key, pairs[i + 1]]])));

const stop = (row) => $("th a", row) || $("[name=row]", row);
const rows = () => $$("main tbody tr").filter(stop);
const step = (by) => {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const row = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)];
  if (row) stop(row).focus();
};

// -- dialogs: a page's own part, in a dialog ---------------------------------------------------------

let dialog = null;
export const open = async (link) => {
  if (dialog) return;
  dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", link.dataset.dialog);
  dialog.addEventListener("close", () => { dialog.remove(); dialog = null; });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  const address = new URL(link.href);
  address.searchParams.set("part", "dialog");
  await window.htmx?.ajax("GET", address.pathname + address.search, { target: dialog, swap: "innerHTML" });
  if (!dialog.firstElementChild) {
    dialog.remove();
    dialog = null;
    location.assign(link.href); // as without a script
    return;
  }
  dialog.showModal();
  const field = $("[role=combobox]", dialog);
  if (field) combobox(field);
};

const options = () => $$("[role=option]", dialog);
const combobox = (field) => {
  let chosen = 0;
  const choose = (place) => {
    const all = options();
    chosen = all.length ? (place + all.length) % all.length : 0;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    field.setAttribute("aria-expanded", String(all.length > 0));
    if (all[chosen]) {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };
  field.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); choose(chosen + by); }
    if (event.key === "Enter" && options()[chosen] && field.dataset.found !== "no") {
      event.preventDefault();
      options()[chosen].click();
    }
  });
  field.addEventListener("input", () => { field.dataset.found = "no"; }); // what is shown isn't for this yet
  const found = $("#found", dialog);
  new MutationObserver(() => {
    field.dataset.found = "yes";
    choose(0);
    $("[role=status]", dialog).textContent = $("#hits", dialog)?.dataset.said || "";
  }).observe(found, { childList: true });
  choose(0);
};

// -- keys -----------------------------------------------------------------------------------------

// The main action of a page is not always to add something: its address tells.
const ADDS = /\/(new|invite|upload)$/;

let going = false;
const act = {
  palette: () => { const link = $("a[data-dialog][data-palette]"); if (link) open(link); },
  find: () => {
    const search = $("main input[type=search]");
    if (search) { search.focus(); search.select(); } else act.palette();
  },
  up: () => step(-1),
  down: () => step(1),
  check: () => {
    const box = document.activeElement.closest("tr")?.querySelector("[name=row]");
    if (box) box.click();
  },
  add: () => $$("main .page-header a.primary").find((link) => ADDS.test(link.pathname))?.click(),
  help: () => { const link = $("a[data-dialog]:not([data-palette])"); if (link) open(link); },
  go: () => { going = true; setTimeout(() => { going = false; }, 2000); },
};

export const press = (key) => {
  if (dialog) return;
  if (going) {
    going = false;
    $(`[data-letter="${CSS.escape(key)}"]`)?.click();
  } else act[does.get(key)]?.();
};
