/* Offers the reader's own zone. Everything else is links and needs no script. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const hint = document.querySelector("[data-cal-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!hint || !own || own === hint.dataset.calZone) return;
  const there = new URL(location.href);
  there.searchParams.set("zone", own);
  const link = hint.querySelector("a");
  link.href = there.toString();
  link.textContent = own;
  hint.hidden = false;
});
