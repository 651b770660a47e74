// Keyboard and small comforts of every page. Nothing here is needed: without script every link and form works.

import { openPalette } from "./palette.js";

// Filters apply at once: the button that applies them without script stays for the keyboard alone.
document.documentElement.classList.add("live");

const typing = (element) => element?.closest?.("input, select, textarea, [contenteditable]");

// -- keys: / and Ctrl-K palette, j k rows, Enter open, ? help, Escape closes --------------------------------------------------

function step(by) {
  const rows = [...document.querySelectorAll("[data-open]")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next].focus();
  rows[next].closest("[data-row]")?.scrollIntoView({ block: "nearest" });
  return true;
}

const KEYS = [
  ["/ 或 Ctrl+K", "快速查找：↑ ↓ 选择，Enter 打开"],
  ["j　k", "列表中下一行、上一行"],
  ["Enter", "打开选中的一行"],
  ["Esc", "关闭菜单，离开输入框"],
  ["?", "显示这张表"],
];

function showKeys() {
  let dialog = document.querySelector(".keys-dialog");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "keys-dialog";
    dialog.setAttribute("aria-labelledby", "keys-title");
    const title = document.createElement("h2");
    title.id = "keys-title";
    title.textContent = "快捷键";
    const table = document.createElement("table");
    table.className = "keys";
    for (const [key, act] of KEYS) {
      const row = table.insertRow();
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      row.insertCell().append(kbd);
      row.insertCell().textContent = act;
    }
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "form-actions";
    const close = document.createElement("button");
    close.className = "btn";
    close.textContent = "关闭";
    form.append(close);
    dialog.append(title, table, form);
    document.body.append(dialog);
  }
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.altKey) {
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (document.querySelector("dialog[open]")) return; // which closes by itself
    const open = document.querySelector("details[data-dismiss][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (typing(document.activeElement)) {
      document.activeElement.blur();
    }
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = { "/": openPalette, "?": showKeys, j: () => step(1), k: () => step(-1) }[event.key];
  if (act && act() !== false) event.preventDefault();
});

// -- a click beside an open menu closes it ------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details[data-dismiss][open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// -- a click anywhere in a row opens it; marking text does not ------------------------------------------------------

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, select, label, summary")) return;
  if (String(window.getSelection())) return;
  row.querySelector("[data-open]")?.click();
});

// -- a list that has changed is announced, and its form keeps what the address says --------------------------------

document.addEventListener("htmx:after:swap", () => {
  const said = document.querySelector("[data-announce]");
  if (said && !document.querySelector("dialog[open]")) document.getElementById("announce").textContent = said.textContent.trim();
});

// A filter that is not set needs no place in the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("#filters, [role=search]")) return;
  for (const field of event.target.querySelectorAll("input, select")) {
    if (field.name && !field.value) {
      field.disabled = true;
      setTimeout(() => { field.disabled = false; });
    }
  }
});
