/* The queue and a question by keyboard. Everything here can be done without it. */
(() => {
  "use strict";

  const typing = (element) => element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  const one = (selector) => document.querySelector(`.desk ${selector}`);

  /* In a list: from question to question. */
  const step = (by) => {
    const rows = [...document.querySelectorAll(".desk .queue li > a")];
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
    const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[to].focus();
    rows[to].scrollIntoView({ block: "nearest" });
    return true;
  };

  const press = (selector) => {
    const found = one(selector);
    if (!found) return false;
    found.click();
    found.focus();
    return true;
  };

  /* On a question: choose an answer, and go to the next thing it asks for. */
  const choose = (answer, value, then) => {
    if (!one(`.answer-form [name=answer][value=${answer}]`)) return false;
    press(`.answer-form [name=answer][value=${answer}]`);
    if (value !== null && !press(`.answer-form [name=outcome][value="${value}"]`)) return false;
    const next = one(`.answer-form ${then}`);
    if (next) next.focus();
    return true;
  };

  const option = (number) => {
    const sides = document.querySelectorAll(".desk .adjudicate-form [name=sides_with]");
    if (sides.length) return sides[number - 1] ? (sides[number - 1].click(), sides[number - 1].focus(), true) : false;
    const options = document.querySelectorAll(".desk .answer-form [name=outcome][type=radio]");
    return options[number - 1] ? choose("outcome", options[number - 1].value, "[name=occurred_on]") : false;
  };

  const keys = {
    j: () => step(1) || press("[data-key=j]"),
    k: () => step(-1) || press("[data-key=k]"),
    q: () => press("[data-key=q]"),
    y: () => choose("outcome", "1", "[name=occurred_on]"),
    n: () => choose("outcome", "0", "[name=occurred_on]"),
    v: () => choose("void", null, "[name=void_reason]"),
    t: () => choose("too_early", null, "[name=check_again_on]"),
    e: () => { const found = one(".answer-form [name=evidence_url]"); if (found) found.focus(); return Boolean(found); },
    x: () => { const row = document.activeElement.closest(".queue li"); const box = row && row.querySelector("[type=checkbox]"); if (box) box.click(); return Boolean(box); },
    a: () => { const found = one("#give-to"); if (found) found.focus(); return Boolean(found); },
    "?": () => { const list = document.getElementById("keys"); if (!list) return false; if (list.open) list.close(); else list.showModal(); return true; },
  };

  const digit = (number) => press(`[data-pile="${number}"]`) || option(number);

  document.addEventListener("keydown", (event) => {
    const within = event.target;
    if (!(within instanceof HTMLElement) || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = within.closest("form.answer-form");
      const send = form && form.querySelector("button.press[name^=_]");
      if (send) { event.preventDefault(); send.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && within.closest("form.answer-form")) {
      within.closest("form.answer-form").querySelector("h3").focus();
      return;
    }
    if (typing(within)) return;
    const done = /^[1-9]$/.test(event.key) ? digit(Number(event.key)) : (keys[event.key] || (() => false))();
    if (done) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-keys]")) {
      button.hidden = false;
      button.addEventListener("click", keys["?"]);
    }
  });
})();
