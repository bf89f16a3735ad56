/* The page of an import shows how far it has come until it stands still. */
(function () {
  "use strict";
  async function look() {
    if (document.hidden) { setTimeout(look, 2000); return; }
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("import");
    const shown = document.getElementById("import");
    if (!fresh) return;
    shown.innerHTML = fresh.innerHTML;
    if ("moving" in fresh.dataset) setTimeout(look, 1500);
  }
  document.addEventListener("DOMContentLoaded", () => { if ("moving" in document.getElementById("import").dataset) setTimeout(look, 1000); });
})();
