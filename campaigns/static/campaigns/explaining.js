/* Why is this person in or out, and what would the edit of a rule do to people: asked of the public API. */
window.tuttiExplaining = (function () {
  "use strict";
  const T = window.tutti;
  const C = window.tuttiComposing;
  const el = T.el;
  const lang = document.documentElement.lang || undefined;
  const number = (value) => Number(value).toLocaleString(lang);
  const quiet = (text) => el("p", { class: "tt-quiet" }, text);
  const problem = (text) => el("p", { class: "tt-problem" }, text);

  /* A line to name a person on, and below it every part of the rule with what holds. */
  function person(rule, table, into, columns) {
    const w = T.words();
    const key = el("input", { maxlength: 320, "aria-label": w.key_or_address, placeholder: w.key_or_address });
    const told = el("div", { "aria-live": "polite" });
    const ask = async () => {
      const given = key.value.trim();
      if (!given) { key.focus(); return; }
      told.replaceChildren(quiet("…"));
      const whom = given.includes("@") ? { email: given } : { key: given };
      const answer = await C.ask("POST", "rules/explain/", { ...C.about(table, rule), columns, ...whom });
      told.replaceChildren(...(answer.problem ? [problem(answer.problem)] : explained(answer)));
    };
    key.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); ask(); } });
    into.replaceChildren(el("div", { class: "r-head" }, key, el("button", { type: "button", class: "tt-btn small", onclick: ask }, w.explain)), told);
  }

  function explained(answer) {
    const w = T.words();
    if (!answer.found) return [problem(w.no_such_row)];
    const verdict = answer.holds === null ? w.cannot_be_told : answer.holds ? w.is_in : w.is_out;
    return [quiet(verdict + " · " + w.now + " " + new Date(answer.at).toLocaleString(lang)), el("ul", { class: "tt-plain-list" }, ...answer.nodes.map(node))];
  }

  function node(each) {
    const w = T.words();
    const mark = each.holds === null ? el("span", {}, "· ") : each.holds ? el("span", { title: w.holds }, "✓ ") : el("span", { class: "tt-problem", title: w.fails }, "✗ ");
    return el("li", {}, mark, each.sentence, each.words ? el("span", { class: "tt-quiet" }, " " + each.words) : null);
  }

  /* Who enters, leaves and stays against the rule that is saved. */
  async function difference(before, rule, table, into) {
    const w = T.words();
    into.replaceChildren(quiet("…"));
    const answer = await C.ask("POST", "rules/difference/", { ...C.about(table, rule), before });
    if (answer.problem) { into.replaceChildren(problem(answer.problem)); return; }
    const said = answer.changes.map((each) => number(each.count) + " " + w["people_" + each.change]).join(", ");
    into.replaceChildren(el("p", { class: "r-number" }, said), ...answer.changes.filter((each) => each.rows.length).map((each) => sample(each, answer.columns)));
  }

  function sample(change, columns) {
    const w = T.words();
    return el("details", {}, el("summary", { class: "tt-quiet" }, w["people_" + change.change]), el("div", { class: "tt-scroll" }, el("table", { class: "tt-table" },
      el("thead", {}, el("tr", {}, ...columns.map((each) => el("th", {}, each.label)))),
      el("tbody", {}, ...change.rows.map((row) => el("tr", {}, ...row.map((value) => el("td", {}, value === null ? "" : value))))))));
  }

  return { person, difference };
})();
