/* A page with `data-waiting` asks for itself again until nothing is missing, and says how far that is. Without script it reloads. */
(() => {
  "use strict";
  const pauses = [2, 3, 5, 5, 10, 10, 20, 20, 30, 30], most = 60;
  const told = () => document.querySelector("[data-waiting]");
  const ask = async (times) => {
    if (times > most || !told()) return;
    const pause = pauses[times] ?? 60;
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    try {
      const response = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
      if (response.ok) {
        const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-waiting]");
        if (!found) return location.reload();
        if (told().textContent !== found.textContent) told().textContent = found.textContent;
      }
    } catch { /* The next try may reach it. */ }
    return ask(times + 1);
  };
  ask(0);
})();
