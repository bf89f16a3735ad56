/* The content of an e-mail with a preview beside it: rendered by the server, shown in a frame that runs nothing. */
(function () {
  "use strict";
  const T = window.tutti;
  const el = T.el;

  function attach(group) {
    const form = group.closest("form");
    const w = T.words();
    const field = (name) => group.querySelector(`[name$="/${name}"]`);
    let person = 0;
    let asking = null;
    let waiting = 0;
    const subject = el("p", { class: "r-sentence" });
    const frame = el("iframe", { sandbox: "", title: w.preview });
    const notes = el("div", {});
    const next = el("button", { type: "button", class: "tt-btn small", onclick: () => { person += 1; ask(); } }, w.next_person);
    const names = [...(T.data().columns || []).map((each) => ["target." + each.name.replace("@", ""), each.label]), ...Object.keys(T.data().variables || {}).map((name) => ["variables." + name, name]), ["unsubscribe_url", w.unsubscribe]];
    const insert = el("select", { "aria-label": w.insert }, el("option", { value: "" }, w.insert));
    insert.addEventListener("change", () => {
      const target = field("html");
      const start = target.selectionStart || target.value.length;
      if (insert.value) target.setRangeText("{{ " + insert.value + " }}", start, target.selectionEnd || start, "end");
      insert.value = "";
      target.focus();
      target.dispatchEvent(new Event("input", { bubbles: true }));
    });
    T.catalogue(T.baseTable()).then((known) => {
      const own = known.attributes.filter((each) => !each.name.includes(".")).map((each) => ["profile." + each.name, each.label]);
      insert.append(...[...own, ...names].map(([value, text]) => el("option", { value }, text + "  {{ " + value + " }}")));
    });

    async function ask() {
      if (asking) asking.abort();
      asking = new AbortController();
      const content = {};
      for (const name of ["subject", "preheader", "from_name", "html", "text"]) content[name] = field(name) ? field(name).value : "";
      try {
        const answer = await T.post(form.dataset.emailPreview, { content, person, table: T.baseTable(), columns: T.data().columns }, asking.signal);
        notes.replaceChildren(...(answer.problems || []).map((each) => el("p", { class: "tt-problem" }, each)));
        if (answer.html === undefined) return;
        subject.textContent = answer.subject + (answer.preheader ? " — " + answer.preheader : "");
        frame.srcdoc = answer.html;
      } catch (error) { if (error.name !== "AbortError") throw error; }
    }
    group.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 600); });
    const html = field("html");
    html.closest(".tt-field").before(el("div", { class: "tt-field" }, el("div", { class: "r-head" }, insert)));
    group.append(el("div", { class: "tt-field" }, el("div", { class: "r-head" }, el("strong", {}, w.preview), next), notes, subject, frame));
    ask();
  }
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-email-content]").forEach((group) => { if (!group.closest("fieldset[disabled]")) attach(group); });
  });
})();
