/* The desk without a mouse and with one. Every page works without this script. */
(() => {
  "use strict";

  /* How many code points of the article lie before a point in it: how the record counts. */
  const offsetOf = (article, node, offset) => {
    const before = document.createRange();
    before.setStart(article, 0);
    before.setEnd(node, offset);
    return Array.from(before.toString()).length;
  };

  /* Words that were selected go into the form, without the spaces at their ends. */
  const take = (article, form) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!article.contains(range.commonAncestorContainer)) return;
    const words = range.toString();
    const quote = words.trim();
    if (!quote) return;
    const lead = Array.from(words.slice(0, words.length - words.trimStart().length)).length;
    form.elements.quote.value = quote;
    for (const each of form.querySelectorAll("[name=start]")) {
      if (each.type === "hidden") each.value = offsetOf(article, range.startContainer, range.startOffset) + lead;
      else each.closest("fieldset").remove();
    }
    form.querySelector("#selection-help").textContent = "";
  };

  /* A mark and its entry in the list lead to each other. */
  const follow = (article) => {
    article.addEventListener("click", (event) => {
      const mark = event.target.closest("mark[data-statement]");
      if (!mark || !getSelection().isCollapsed) return;
      const entry = document.getElementById(`statement-${mark.dataset.statement}`);
      if (!entry) return;
      for (const each of document.querySelectorAll(".found")) each.classList.remove("found");
      entry.classList.add("found");
      entry.querySelector("a").focus();
    });
  };

  const show = (article) => {
    const current = article.querySelector(".span-current");
    if (current) article.scrollTop = current.offsetTop - article.clientHeight / 3;
  };

  /* A list that is searched shows its choice in a box of its own, made later; it takes the name of the field. */
  const nameBoxes = () => {
    for (const box of document.querySelectorAll(".select2-selection__rendered[role=textbox]:not([aria-label])")) {
      const label = box.closest(".select2-container").previousElementSibling?.labels?.[0];
      if (label) box.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (document.querySelector("select.admin-autocomplete")) {
      nameBoxes();
      new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
    }
    const article = document.getElementById("article");
    if (article) {
      const form = document.getElementById("mark-form");
      show(article);
      follow(article);
      if (form) for (const name of ["mouseup", "keyup", "touchend"]) {
        document.addEventListener(name, (event) => {
          if (!form.contains(event.target)) take(article, form);
        });
      }
    }
    /* The theme hides the page while it loads, so the browser's own autofocus comes too early. */
    const wrong = document.querySelector(".desk .wrong :is(input, textarea, select)");
    const first = wrong || document.querySelector(".desk [autofocus]");
    /* A heading is focused so that keys work from there; it must not scroll the question away. */
    if (first) first.focus({ preventScroll: first.matches("h3") });
  });
})();
