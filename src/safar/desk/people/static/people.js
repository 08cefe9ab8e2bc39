// Keys for the review of pairs, and the button that prints. Every page works without this file.
"use strict";

const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

// Single keys can be switched off, for whoever speaks to the computer; the browser remembers it.
const KEYS = "safar-keys";
const keys = document.querySelector("[data-keys]");
if (keys) {
  keys.closest("[hidden]").hidden = false;
  keys.checked = localStorage.getItem(KEYS) !== "off";
  keys.addEventListener("change", () => localStorage.setItem(KEYS, keys.checked ? "on" : "off"));
}

// s, d, u decide; j and k go on and back, in a list from row to row.
document.addEventListener("keydown", (event) => {
  if (!keys?.checked) return;
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (named) {
    event.preventDefault();
    named.click();
    return;
  }
  const rows = [...document.querySelectorAll("[data-row]")];
  const step = { j: 1, k: -1 }[event.key];
  if (!step || rows.length === 0) return;
  event.preventDefault();
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
});

// The button that prints is there only where this script can make it work.
const showPrinting = () => document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("htmx:afterSettle", showPrinting);
showPrinting();
