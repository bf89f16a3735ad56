/* Help while a rule is composed: counts of its parts, values of an attribute, saved filters, the plan. It asks the public API. */
window.tuttiComposing = (function () {
  "use strict";
  const T = window.tutti;
  const el = T.el;
  const API = "/api/v1/";
  const lang = document.documentElement.lang || undefined;
  const number = (value) => Number(value).toLocaleString(lang);
  let questions = 0;
  let saved = null;

  async function ask(method, path, body, signal) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(API + path, { method, signal, body: body === undefined ? undefined : JSON.stringify(body),
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": token, "Accept-Language": lang || "" } });
    if (answer.status === 204) return {};
    const told = await answer.json().catch(() => ({ detail: T.words().no_answer }));
    return answer.ok ? told : { problem: (told.problems && told.problems.length ? told.problems.map((each) => each.message + " " + each.remedy).join(" ") : told.detail) || T.words().no_answer };
  }

  /* What every question on a rule says besides the rule. */
  function about(table, rule, id) {
    const form = document.querySelector("form[data-campaign]");
    return { table, rule, ...(form && form.dataset.campaign ? { campaign: form.dataset.campaign } : {}), ...(id ? { question: id } : {}) };
  }

  function question() { return "editor-" + Date.now().toString(36) + "-" + (questions += 1); }

  const speaksOfColumns = (value) => value !== null && typeof value === "object" &&
    ((typeof value.attribute === "string" && value.attribute.startsWith("@")) || Object.values(value).some(speaksOfColumns));

  /* Asks, and offers to call the question off as long as it is not answered. */
  async function waited(into, path, body) {
    const w = T.words();
    const stop = el("button", { type: "button", class: "tt-btn small", onclick: () => ask("DELETE", "rules/questions/" + body.question + "/") }, w.stop);
    const timer = setTimeout(() => into.append(stop), 600);
    try { return await ask("POST", path, body); } finally { clearTimeout(timer); stop.remove(); }
  }

  /* The button beside a part that counts the rows it holds for, of its own table. */
  function counter(part, table, clean) {
    const w = T.words();
    const shown = el("span", { class: "r-count", "aria-live": "polite" });
    const button = el("button", { type: "button", class: "tt-icon", title: w.count_part, "aria-label": w.count_part, onclick: async () => {
      const rule = clean(part);
      if (rule === null) return;
      if (speaksOfColumns(rule)) { tell(shown, w.needs_a_run, true); return; }
      tell(shown, "…");
      const found = await waited(shown, "rules/counts/", { ...about(table, rule, question()), nodes: [""] });
      const own = found.counts && found.counts[0];
      if (own && own.count !== null) tell(shown, number(own.count)); else tell(shown, found.problem || (own && own.reason) || "", true);
    } }, el("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, "calculate"));
    return { node: el("span", { class: "r-counter" }, button, shown), shown };
  }

  function tell(shown, text, isProblem) {
    shown.replaceChildren(text);
    shown.classList.toggle("tt-problem", Boolean(isProblem));
  }

  /* The pointers of parts in the rule as it is sent: groups that are empty, or of one part, are left out there. */
  function pointers(rule, clean, path, found) {
    found.push([path, rule]);
    if (!["all", "any", "except"].includes(rule.kind)) {
      if (rule.where && clean(rule.where)) pointers(rule.where, clean, path + "/where", found);
      return found;
    }
    const kept = rule.of.filter((part) => clean(part) !== null);
    const alone = kept.length === 1 && rule.kind !== "all";
    kept.forEach((part, at) => pointers(part, clean, alone ? path : path + "/of/" + at, found));
    return found;
  }

  /* Counts every part at once, and writes each number beside its part. */
  async function countAll(rule, table, clean, places, status) {
    const w = T.words();
    const whole = rule && clean(rule);
    if (!whole) return;
    if (speaksOfColumns(whole)) { tell(status, w.needs_a_run, true); return; }
    const parts = pointers(rule, clean, "", []);
    parts.forEach(([, part]) => places.has(part) && tell(places.get(part), "…"));
    tell(status, "");
    const answer = await waited(status, "rules/counts/", about(table, whole, question()));
    const counts = new Map((answer.counts || []).map((each) => [each.path, each]));
    parts.forEach(([path, part]) => {
      const own = counts.get(path);
      if (!places.has(part)) return;
      if (own && own.count !== null) tell(places.get(part), number(own.count)); else tell(places.get(part), own ? own.reason : "", true);
    });
    tell(status, answer.problem || (answer.complete ? "" : w.incomplete), Boolean(answer.problem) || !answer.complete);
  }

  /* The commonest values of an attribute; a click on one hands it to `picked`. */
  function values(attribute, table, picked) {
    const w = T.words();
    const list = el("div", { class: "tt-scroll" });
    const search = el("input", { type: "search", placeholder: w.search_values, "aria-label": w.search_values });
    const box = el("div", { class: "r-values" }, el("div", { class: "r-head" }, search,
      el("button", { type: "button", class: "tt-icon", title: w.close, "aria-label": w.close, onclick: () => box.remove() },
        el("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, "close"))), list);
    let waiting = 0, turn = 0;
    const load = async () => {
      const mine = (turn += 1);
      list.replaceChildren(el("p", { class: "tt-quiet" }, "…"));
      const answer = await waited(list, "rules/distribution/", { ...about(table, null, question()), attribute, search: search.value });
      if (mine !== turn) return;
      list.replaceChildren(...(answer.problem ? [el("p", { class: "tt-problem" }, answer.problem)] : table_(answer)));
    };
    const table_ = (answer) => [
      answer.notice ? el("p", { class: "tt-problem" }, answer.notice) : null,
      answer.values.length ? el("table", { class: "tt-table" }, el("tbody", {}, ...answer.values.map(row))) : el("p", { class: "tt-quiet" }, w.nothing_found),
      answer.more ? el("p", { class: "tt-quiet" }, w.more_values) : null,
    ].filter(Boolean);
    const row = (each) => el("tr", {},
      el("td", {}, each.value === null ? el("span", { class: "tt-quiet" }, w.empty) : el("button", { type: "button", class: "tt-quick", title: w.use_value, onclick: () => picked(each.value) }, each.label || String(each.value))),
      el("td", { class: "r-figure" }, number(each.count)),
      el("td", { class: "r-figure" }, Number(each.percent).toLocaleString(lang, { maximumFractionDigits: 2 }) + " %"));
    search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(load, 350); });
    load();
    return box;
  }

  async function filters() {
    if (!saved) {
      saved = (async () => { const answer = await ask("GET", "filters/?page_size=500"); return answer.results || []; })();
    }
    return saved;
  }

  /* Which saved filters are about a table, those one likes first. */
  async function filtersOf(table) {
    const found = (await filters()).filter((each) => each.table === table);
    return found.sort((one, other) => Number(other.favourite) - Number(one.favourite) || one.label.localeCompare(other.label, lang));
  }

  /* A line to choose a filter on: shared ones are referred to, any can be copied. */
  async function chooser(table, add) {
    const w = T.words();
    const found = await filtersOf(table);
    if (!found.length) return el("p", { class: "tt-quiet" }, w.no_filters);
    const box = el("select", { "aria-label": w.saved_filter }, ...found.map((each) => el("option", { value: each.slug }, (each.favourite ? "★ " : "") + each.label + (each.shared ? "" : " (" + w.private + ")"))));
    const said = el("span", { class: "tt-quiet" });
    const chosen = () => found.find((each) => each.slug === box.value);
    const refer = el("button", { type: "button", class: "tt-btn small", onclick: () => add(node(chosen())) }, w.use_filter);
    const copy = el("button", { type: "button", class: "tt-btn small", onclick: async () => {
      const given = Object.fromEntries(chosen().parameters.filter((each) => each.default === undefined).map((each) => [each.name, blank(each, true)]));
      const answer = await ask("POST", "filters/" + box.value + "/apply/", { parameters: given });
      if (answer.problem) { said.textContent = answer.problem; said.className = "tt-problem"; } else add(answer.rule);
    } }, w.copy_filter);
    const show = () => { refer.disabled = !chosen().shared; refer.title = chosen().shared ? "" : w.private_help; said.className = "tt-quiet"; said.textContent = chosen().description; };
    box.addEventListener("change", show);
    show();
    return el("div", { class: "r-line" }, box, refer, copy, said);
  }

  function node(filter) {
    const given = filter.parameters.filter((each) => each.default === undefined).map((each) => [each.name, blank(each, false)]);
    return { kind: "filter", filter: filter.slug, parameters: Object.fromEntries(given) };
  }

  /* A value to begin with; a copy needs one that is valid. */
  function blank(parameter, valid) {
    const one = { text: valid ? "?" : "", number: 0, date: new Date().toISOString().slice(0, 10), boolean: true, period: { last: 30 } }[parameter.type];
    return parameter.many ? [one] : one;
  }

  /* Saves a rule as a private filter of one's own; it is shared and given parameters on its page. */
  function saver(rule, table) {
    const w = T.words();
    const label = el("input", { maxlength: 200, "aria-label": w.filter_label, placeholder: w.filter_label });
    const said = el("span", { "aria-live": "polite" });
    const save = async () => {
      const base = label.value.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 50) || "filter";
      const slug = base + "_" + Date.now().toString(36);
      if (!label.value.trim()) { tell(said, w.name_it, true); label.focus(); return; }
      const answer = await ask("POST", "filters/", { slug, label: label.value.trim(), table, rule });
      if (answer.problem) { tell(said, answer.problem, true); return; }
      saved = null;
      tell(said, w.filter_saved);
    };
    return el("div", { class: "r-head" }, label, el("button", { type: "button", class: "tt-btn small", onclick: save }, w.save), said);
  }

  /* What PostgreSQL would do, in words. */
  async function plan(rule, table, into) {
    const w = T.words();
    if (rule && speaksOfColumns(rule)) { into.replaceChildren(el("p", { class: "tt-problem" }, w.needs_a_run)); return; }
    into.replaceChildren(el("p", { class: "tt-quiet" }, "…"));
    const answer = await ask("POST", "rules/plan/", about(table, rule));
    if (answer.problem) { into.replaceChildren(el("p", { class: "tt-problem" }, answer.problem)); return; }
    into.replaceChildren(el("ul", { class: "tt-plain-list" }, ...answer.summary.map((each) => el("li", {}, each))));
  }

  async function marks() {
    const answer = await ask("GET", "attributes/marks/");
    return { favourites: answer.favourites || [], recents: answer.recents || [] };
  }

  return { ask, about, counter, countAll, values, filters, chooser, saver, plan, blank, marks };
})();
