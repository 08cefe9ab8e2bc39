// Small comforts. Every page works without this file.
"use strict";

// Escape or a click elsewhere closes an open menu.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form that came back with errors puts the reader at the list of them.
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelector?.("#form-errors")?.focus();
});
