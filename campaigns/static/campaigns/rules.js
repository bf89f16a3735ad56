/* The rule editor: a list of conditions over the rule's own JSON tree. What it has no words for is edited as text. */
(function () {
  "use strict";
  const T = window.tutti;
  const C = window.tuttiComposing;
  const E = window.tuttiExplaining;
  const { el, fill } = T;
  const GROUPS = ["all", "any", "except"];
  const PERIODS = ["last", "next", "this", "older_than", "later_than"];
  const UNITS = ["day", "week", "month", "quarter", "year", "hour", "minute"];
  const LONG_UNITS = UNITS.slice(0, 5);
  const FUNCTIONS = ["count", "count_distinct", "sum", "avg", "min", "max"];
  const INPUTS = { date: "date", datetime: "datetime-local", integer: "number", decimal: "text", float: "text" };

  const NUMBERS = ["integer", "decimal", "float"];

  /* A number where writing it as one loses nothing; else the text as it was typed. */
  function exact(text) { return /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : text; }

  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  /* Whether every part of the tree has a place in the editor. */
  function fits(rule) {
    if (!isObject(rule)) return false;
    if (GROUPS.includes(rule.kind)) return Array.isArray(rule.of) && rule.of.every(fits);
    if (rule.kind === "exists") return rule.where === undefined || rule.where === null || fits(rule.where);
    if (rule.kind === "aggregate") return FUNCTIONS.includes(rule.function) && (rule.attribute === undefined || rule.attribute === null || typeof rule.attribute === "string") && (!rule.where || fits(rule.where));
    if (rule.kind === "filter") return typeof rule.filter === "string" && !rule.frozen;
    if (rule.kind === "member") return typeof rule.audience === "string";
    return rule.kind === "condition" && typeof rule.attribute === "string";
  }

  function select(values, chosen, changed, label) {
    const box = el("select", { "aria-label": label, onchange: () => changed(box.value) },
      ...values.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
    return box;
  }

  class Editor {
    constructor(root) {
      this.root = root;
      this.area = root.querySelector("textarea");
      this.form = root.closest("form");
      this.readOnly = Boolean(root.closest("fieldset[disabled].tt-plain:not([data-variant])"));
      this.rule = null;
      this.isText = false;
      this.waiting = 0;
      this.places = new Map();
      this.box = el("div", { class: "tt-rules" });
      this.result = el("div", { class: "r-result", "aria-live": "polite" });
      this.area.before(this.box);
      this.area.after(this.result);
      const text = this.area.value.trim();
      if (text) {
        try { this.rule = JSON.parse(text); } catch { this.isText = true; }
        if (!this.isText && !fits(this.rule)) this.isText = true;
      }
      this.start();
    }

    async start() {
      if (this.isText && this.rule) {
        const answer = await T.post(this.form.dataset.ruleCheck, { rule: this.rule, table: await this.table(), columns: T.data().columns });
        if (answer.text) this.area.value = answer.text;
      }
      this.area.addEventListener("input", () => { if (this.isText) this.check(); });
      document.addEventListener("change", (event) => {
        const field = event.target;
        if (field.dataset.widget === "dimension" || (field.dataset.picker === "link" && !this.root.contains(field))) this.draw();
      });
      this.draw();
    }

    table() { return T.tableOf(this.area); }

    async draw() {
      const w = T.words();
      this.places.clear();
      this.area.hidden = !this.isText;
      if (this.readOnly) { this.box.hidden = true; this.area.hidden = true; this.check(); return; }
      const toggle = el("button", { type: "button", class: "tt-btn small", onclick: () => this.switch() }, this.isText ? w.as_conditions : w.as_text);
      if (this.isText) { this.box.replaceChildren(el("div", { class: "r-head" }, el("span", { class: "tt-quiet" }, w.text_help), toggle)); this.check(); return; }
      const table = await this.table();
      if (!table) { this.box.replaceChildren(el("p", { class: "tt-quiet" }, w.choose_dimension)); this.result.replaceChildren(); return; }
      const known = await T.catalogue(table);
      const root = this.rule === null ? null : GROUPS.includes(this.rule.kind) ? this.rule : { kind: "all", of: [this.rule] };
      if (root === null) {
        this.box.replaceChildren(el("p", { class: "tt-quiet" }, w.everybody), this.adders(table, known, (part) => { this.rule = { kind: "all", of: [part] }; this.draw(); this.changed(); }, true), el("div", { class: "r-head" }, toggle));
      } else {
        this.rule = root;
        this.box.replaceChildren(await this.group(root, table, known, null), el("div", { class: "r-head" }, toggle));
      }
      this.store();
      this.check();
    }

    async switch() {
      const w = T.words();
      const table = await this.table();
      if (!this.isText) {
        const answer = await T.post(this.form.dataset.ruleCheck, { rule: this.clean(), table, columns: T.data().columns });
        this.isText = true;
        this.area.value = answer.text || "";
      } else {
        const answer = await T.post(this.form.dataset.ruleCheck, { text: this.area.value, table, columns: T.data().columns });
        if (!this.area.value.trim()) { this.rule = null; this.isText = false; }
        else if (answer.rule && fits(answer.rule)) { this.rule = answer.rule; this.isText = false; }
        else { this.say(answer.rule ? [{ message: w.too_deep, remedy: "" }] : answer.problems); return; }
      }
      this.draw();
    }

    /* The tree without groups that are empty; null when nothing is left. */
    clean(rule = this.rule) {
      if (rule === null) return null;
      if (!GROUPS.includes(rule.kind)) {
        const where = rule.where ? this.clean(rule.where) : null;
        const copy = { ...rule };
        delete copy.where;
        return where ? { ...copy, where } : copy;
      }
      const of = rule.of.map((part) => this.clean(part)).filter((part) => part !== null);
      if (!of.length) return null;
      return of.length === 1 && rule.kind !== "all" ? of[0] : { ...rule, of };
    }

    store() { this.area.value = this.rule === null ? "" : JSON.stringify(this.clean()) === "null" ? "" : JSON.stringify(this.clean()); }

    changed() { if (!this.isText) this.store(); this.form.dispatchEvent(new Event("input")); this.check(); }

    check() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.ask(), 300);
    }

    async ask() {
      if (this.asking) this.asking.abort();
      this.asking = new AbortController();
      const table = await this.table();
      const body = { table, columns: T.data().columns, ...(this.isText ? { text: this.area.value } : { rule: this.clean() }) };
      try { this.show(await T.post(this.form.dataset.ruleCheck, body, this.asking.signal), table); } catch (error) { if (error.name !== "AbortError") throw error; }
    }

    say(problems) {
      this.result.replaceChildren(...(problems || []).map((each) => el("p", { class: "tt-problem" }, (each.line ? T.words().line + " " + each.line + ": " : "") + each.message + " " + (each.remedy || ""))));
    }

    show(answer, table) {
      const w = T.words();
      if (answer.problems && answer.problems.length) { this.say(answer.problems); return; }
      if (this.saved === undefined) this.saved = answer.rule || null;
      const number = el("span", { class: "r-number" });
      const status = el("span", { class: "r-count", "aria-live": "polite" });
      const rows = el("div", { class: "tt-scroll" });
      const count = (sample) => this.count(answer.rule, table, number, rows, sample);
      fill(this.result,
        el("p", { class: "r-sentence" }, answer.sentence || ""),
        el("div", { class: "r-head" },
          el("button", { type: "button", class: "tt-btn small", onclick: () => count(false) }, w.count),
          el("button", { type: "button", class: "tt-btn small", onclick: () => count(true) }, w.show_some),
          this.isText || this.readOnly || !this.rule ? null : el("button", { type: "button", class: "tt-btn small", onclick: () => C.countAll(this.rule, table, (part) => this.clean(part), this.places, status) }, w.count_parts),
          number, status),
        rows,
        answer.sql ? el("details", {}, el("summary", { class: "tt-quiet" }, "SQL"), el("pre", {}, answer.sql)) : null,
        answer.rule ? this.folded(w.plan, (into) => C.plan(answer.rule, table, into)) : null,
        answer.rule ? this.folded(w.why_person, (into) => E.person(answer.rule, table, into, this.carried())) : null,
        this.isEdit(answer.rule) ? this.folded(w.edit_difference, (into) => E.difference(this.saved, answer.rule, table, into)) : null,
        answer.rule && !this.readOnly ? this.folded(w.save_filter, (into) => into.replaceChildren(C.saver(answer.rule, table))) : null);
    }

    /* Whether the rule is another one than was there when the page was opened. */
    isEdit(rule) { return !this.readOnly && this.saved !== undefined && JSON.stringify(rule || null) !== JSON.stringify(this.saved); }

    /* The columns of the population here, as the API is told of them. */
    carried() { return (T.data().columns || []).map((each) => ({ name: each.name, type: each.type, label: String(each.label || "") })); }

    /* A part of the page that is made when it is opened. */
    folded(title, open) {
      const into = el("div", {});
      return el("details", { ontoggle: (event) => { if (event.target.open) open(into); } }, el("summary", { class: "tt-quiet" }, title), into);
    }

    async count(rule, table, number, rows, sample) {
      const w = T.words();
      if (this.counting) this.counting.abort();
      this.counting = new AbortController();
      number.textContent = "…";
      rows.replaceChildren();
      try {
        const answer = await T.post(this.form.dataset.ruleCount, { rule, table, sample, columns: T.data().columns }, this.counting.signal);
        if (answer.problem) { number.textContent = ""; rows.replaceChildren(el("p", { class: "tt-problem" }, answer.problem)); return; }
        number.textContent = Number(answer.count).toLocaleString(document.documentElement.lang) + " " + w.found;
        number.title = answer.seconds + " s";
        if (answer.rows) {
          rows.replaceChildren(el("table", { class: "tt-table" }, el("thead", {}, el("tr", {}, ...answer.columns.map((each) => el("th", {}, each)))),
            el("tbody", {}, ...answer.rows.map((row) => el("tr", {}, ...row.map((each) => el("td", {}, each)))))));
        }
      } catch (error) { if (error.name !== "AbortError") throw error; }
    }

    adders(table, known, add, isFirst) {
      const w = T.words();
      const button = (text, make) => el("button", { type: "button", class: "tt-btn small", onclick: () => add(make()) }, "+ " + text);
      const condition = () => ({ kind: "condition", attribute: "", operator: "equal", value: "" });
      const many = known.collections.some((each) => each.many);
      return el("div", { class: "r-head" },
        button(w.condition, condition),
        many ? button(w.linked, () => ({ kind: "exists", link: "" })) : null,
        many ? button(w.figure, () => ({ kind: "aggregate", link: "", function: "count", operator: "greater_or_equal", value: 1 })) : null,
        el("button", { type: "button", class: "tt-btn small", onclick: async (event) => { const at = event.currentTarget.parentNode; at.after(await C.chooser(table, add)); event.target.disabled = true; } }, "+ " + w.saved_filter),
        (known.audiences || []).length ? button(w.member, () => ({ kind: "member", audience: known.audiences[0].name })) : null,
        isFirst ? null : button(w.group, () => ({ kind: "any", of: [condition(), condition()] })));
    }

    async group(rule, table, known, remove) {
      const w = T.words();
      const body = el("div", { class: "tt-rules" });
      for (const part of [...rule.of]) {
        body.append(await this.part(part, table, known, () => { rule.of.splice(rule.of.indexOf(part), 1); this.pruned(rule, remove); }, (next) => { rule.of.splice(rule.of.indexOf(part), 1, next); this.draw(); this.changed(); }));
      }
      const kinds = GROUPS.map((kind) => [kind, w["group_" + kind]]);
      return el("div", { class: "r-group r-" + rule.kind },
        el("div", { class: "r-head" }, select(kinds, rule.kind, (kind) => { rule.kind = kind; this.draw(); this.changed(); }, w.group), this.counter(rule, table), remove ? this.trash(remove) : null),
        body, this.adders(table, known, (part) => { rule.of.push(part); this.draw(); this.changed(); }, false));
    }

    acts(...buttons) { return el("span", { class: "r-acts" }, ...buttons); }

    counter(part, table) {
      const made = C.counter(part, table, (each) => this.clean(each));
      this.places.set(part, made.shown);
      return made.node;
    }

    /* A saved filter, with the values it asks for. */
    async filtered(part, table, remove) {
      const w = T.words();
      const line = el("div", { class: "r-line" });
      const saved = (await C.filters()).find((each) => each.slug === part.filter);
      line.append(el("span", { class: "r-filter" }, w.saved_filter + " “" + (saved ? saved.label : part.filter) + "”"));
      for (const parameter of saved ? saved.parameters : []) line.append(this.parameter(part, parameter, line));
      line.append(this.acts(this.counter(part, table), this.trash(remove)));
      return line;
    }

    parameter(part, parameter) {
      const values = part.parameters || (part.parameters = {});
      const name = parameter.label || parameter.name;
      if (values[parameter.name] === undefined && parameter.default === undefined) values[parameter.name] = C.blank(parameter, false);
      const cell = el("label", { class: "r-value" }, name);
      const value = values[parameter.name] === undefined ? parameter.default : values[parameter.name];
      const put = (next) => { values[parameter.name] = next; this.changed(); };
      if (isObject(value) && parameter.type !== "period") { cell.append(el("code", {}, JSON.stringify(value))); return cell; }
      if (parameter.many) {
        const field = el("textarea", { rows: 2, "aria-label": name, placeholder: T.words().one_a_line, oninput: () => put(field.value.split("\n").map((each) => each.trim()).filter(Boolean).map((each) => (parameter.type === "number" ? exact(each) : each))) });
        field.value = Array.isArray(value) ? value.join("\n") : "";
        cell.append(field);
      } else if (parameter.type === "boolean") {
        cell.append(select([["true", T.words().yes], ["false", T.words().no]], String(value), (next) => put(next === "true"), name));
      } else if (parameter.type === "period") {
        const holder = { value: isObject(value) ? { ...value } : { last: 30 } };
        const draw = () => { put(holder.value); cell.replaceChildren(name, ...this.period(holder, "date", draw)); };
        cell.append(...this.period(holder, "date", draw));
        cell.addEventListener("input", () => put(holder.value));
        cell.addEventListener("change", () => put(holder.value));
      } else {
        const field = el("input", { type: parameter.type === "date" ? "date" : "text", value: value === undefined ? "" : String(value), "aria-label": name, oninput: () => put(parameter.type === "number" ? exact(field.value) : field.value) });
        cell.append(field);
      }
      return cell;
    }

    pruned(rule, remove) {
      if (!rule.of.length) { if (remove) { remove(); return; } this.rule = null; }
      this.draw();
      this.changed();
    }

    trash(remove) {
      const w = T.words();
      return el("button", { type: "button", class: "tt-icon", title: w.remove, "aria-label": w.remove, onclick: remove }, el("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, "delete"));
    }

    part(part, table, known, remove, replace) {
      if (GROUPS.includes(part.kind)) return this.group(part, table, known, remove);
      if (part.kind === "filter") return this.filtered(part, table, remove);
      if (part.kind === "condition") return this.condition(part, table, known, remove);
      if (part.kind === "member") return this.member(part, known, remove);
      return this.collection(part, table, known, remove);
    }

    attribute(part, known, table, filter, done) {
      const field = el("input", { value: part.attribute || "", "aria-label": T.words().attribute });
      const load = async () => (table === T.baseTable() ? T.columns().concat(known.attributes) : known.attributes).filter(filter || (() => true));
      const cell = el("div", { class: "tt-field" }, field);
      T.combobox(field, load);
      field.addEventListener("change", () => { part.attribute = field.value; done(); });
      return cell;
    }

    entry(part, known, table) {
      const all = table === T.baseTable() ? T.columns().concat(known.attributes) : known.attributes;
      return all.find((each) => each.name === part.attribute);
    }

    condition(part, table, known, remove) {
      const line = el("div", { class: "r-line" });
      const draw = () => {
        const entry = this.entry(part, known, table);
        const operators = (known.types && known.types[entry ? entry.type : "text"]) || [];
        if (!operators.some((each) => each.name === part.operator) && operators.length) part.operator = operators[0].name;
        fill(line,
          this.attribute(part, known, table, (each) => each.type !== "json" || true, () => { if ("value" in part) part.value = ""; draw(); this.changed(); }),
          entry || part.attribute ? this.operator(part, operators, draw) : el("span", { class: "tt-quiet" }, T.words().choose_attribute),
          entry || part.attribute ? this.value(part, operators, entry, draw, known, table) : null,
          this.acts(part.attribute && !part.attribute.startsWith("@") ? this.valuesButton(part, table, operators, line, draw) : "", this.counter(part, table), this.trash(remove)));
      };
      draw();
      return line;
    }

    /* The attribute's commonest values; a click on one fills the condition. */
    valuesButton(part, table, operators, line, draw) {
      const w = T.words();
      const shape = () => (operators.find((each) => each.name === part.operator) || {}).shape || "one";
      const pick = (value) => {
        if (shape() === "list") part.value = [...new Set([...(Array.isArray(part.value) ? part.value : []), value])];
        else if (shape() === "one") part.value = value;
        else { part.operator = operators.some((each) => each.name === "equal") ? "equal" : part.operator; part.value = value; }
        const open = line.nextElementSibling;
        draw();
        this.changed();
        if (open && open.classList.contains("r-values")) open.querySelector("input").focus();
      };
      return el("button", { type: "button", class: "tt-icon", title: w.values, "aria-label": w.values, onclick: () => {
        const open = line.nextElementSibling;
        if (open && open.classList.contains("r-values")) { open.remove(); return; }
        line.after(C.values(part.attribute, table, pick));
      } }, el("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, "bar_chart"));
    }

    member(part, known, remove) {
      const w = T.words();
      const listed = (known.audiences || []).map((each) => [each.name, each.label]);
      const offered = listed.some(([name]) => name === part.audience) ? listed : [[part.audience, part.audience], ...listed];
      return el("div", { class: "r-line" },
        select([["", w.is_member], ["no", w.is_no_member]], part.negate ? "no" : "", (value) => { if (value) part.negate = true; else delete part.negate; this.changed(); }, w.member),
        select(offered, part.audience, (name) => { part.audience = name; this.changed(); }, w.audience),
        this.trash(remove));
    }

    operator(part, operators, draw) {
      const shapes = Object.fromEntries(operators.map((each) => [each.name, each.shape]));
      return select(operators.map((each) => [each.name, each.label]), part.operator, (name) => {
        if (shapes[name] !== shapes[part.operator]) delete part.value;
        part.operator = name;
        draw();
        this.changed();
      }, T.words().operator);
    }

    value(part, operators, entry, draw, known, table) {
      const shape = (operators.find((each) => each.name === part.operator) || {}).shape || "one";
      const type = entry ? entry.type : "text";
      const cell = el("div", { class: "r-value" });
      if (shape === "nothing") { delete part.value; return cell; }
      if (shape === "list") { cell.append(this.listed(part, entry)); return cell; }
      if (shape === "pair") {
        if (!Array.isArray(part.value) || part.value.length !== 2) part.value = ["", ""];
        cell.append(this.one(part.value, 0, type, entry, draw, known, table), " – ", this.one(part.value, 1, type, entry, draw, known, table));
        return cell;
      }
      if (shape === "period") { cell.append(...this.period(part, type, draw)); return cell; }
      if (shape === "days") { cell.append(...this.days(part)); return cell; }
      if (part.value === undefined || Array.isArray(part.value)) part.value = "";
      cell.append(this.one(part, "value", type, entry, draw, known, table));
      if (type === "text" && part.kind === "condition") {
        const box = el("input", { type: "checkbox", checked: part.case_sensitive === false, onchange: () => { if (box.checked) part.case_sensitive = false; else delete part.case_sensitive; this.changed(); } });
        cell.append(el("label", { class: "tt-check tt-quiet" }, box, T.words().any_case));
      }
      return cell;
    }

    /* One value: typed, or a variable, a day counted from now, another attribute. */
    one(holder, key, type, entry, draw, known, table) {
      const w = T.words();
      const value = holder[key];
      const sources = [["literal", w.a_value]];
      const variables = Object.entries(T.data().variables || {});
      if (variables.length) sources.push(["variable", w.a_variable]);
      if (type === "date" || type === "datetime") sources.push(["today", w.relative_day]);
      sources.push(["attribute", w.an_attribute]);
      const source = isObject(value) ? ["variable", "today", "attribute"].find((each) => each in value) || "literal" : "literal";
      const cell = el("span", { class: "r-value" });
      const chooser = select(sources, source, (next) => {
        holder[key] = next === "literal" ? "" : next === "variable" ? { variable: variables[0][0] } : next === "today" ? { today: 0 } : { attribute: "" };
        draw();
        this.changed();
      }, w.compare_with);
      if (source === "literal") cell.append(this.literal(holder, key, type, entry));
      if (source === "variable") cell.append(select(variables.map(([name]) => [name, name]), value.variable, (name) => { value.variable = name; this.changed(); }, w.a_variable));
      if (source === "today") cell.append(this.number(value, "today"), this.unit(value, LONG_UNITS), w.from_today, this.anchor(value));
      if (source === "attribute") cell.append(this.attribute(value, known, table, entry ? (each) => each.type === type : null, () => this.changed()));
      if (sources.length > 1) { chooser.classList.add("r-source"); cell.append(chooser); }
      return cell;
    }

    literal(holder, key, type, entry) {
      const w = T.words();
      const value = holder[key];
      if (type === "boolean") {
        if (typeof value !== "boolean") holder[key] = true;
        return select([["true", w.yes], ["false", w.no]], String(holder[key]), (next) => { holder[key] = next === "true"; this.changed(); }, w.a_value);
      }
      if (entry && entry.choices) {
        const choices = Object.entries(entry.choices).map(([name, text]) => [name, text || name]);
        if (value === "" || value === undefined) holder[key] = choices[0][0];
        return select(choices, String(holder[key]), (next) => { holder[key] = next; this.changed(); }, w.a_value);
      }
      const field = el("input", { type: INPUTS[type] || "text", value: value === undefined ? "" : String(value), "aria-label": w.a_value,
        oninput: () => { holder[key] = NUMBERS.includes(type) ? exact(field.value) : field.value; this.changed(); } });
      return field;
    }

    listed(part, entry) {
      const w = T.words();
      if (!Array.isArray(part.value)) part.value = [];
      const plain = part.value.every((each) => !isObject(each));
      const field = el("textarea", { rows: 2, "aria-label": w.one_a_line, placeholder: w.one_a_line,
        oninput: () => { part.value = field.value.split("\n").map((each) => each.trim()).filter(Boolean); this.changed(); } });
      field.value = plain ? part.value.join("\n") : "";
      if (entry && entry.choices) field.title = Object.keys(entry.choices).join(", ");
      return field;
    }

    number(holder, key) {
      const field = el("input", { type: "number", value: holder[key], "aria-label": T.words().how_many, oninput: () => { holder[key] = Number.parseInt(field.value, 10) || 0; this.changed(); } });
      return field;
    }

    unit(holder, units) {
      const w = T.words();
      return select(units.map((unit) => [unit, w["unit_" + unit]]), holder.unit || "day", (unit) => { holder.unit = unit; this.changed(); }, w.unit);
    }

    anchor(holder) {
      const w = T.words();
      const dates = Object.entries(T.data().variables || {}).filter(([, type]) => type === "date").map(([name]) => [name, w.counted_from + " " + name]);
      if (!dates.length) return null;
      return select([["", w.counted_from_run], ...dates], holder.anchor || "", (name) => { if (name) holder.anchor = name; else delete holder.anchor; this.changed(); }, w.anchor);
    }

    period(part, type, draw) {
      const w = T.words();
      if (!isObject(part.value) || !PERIODS.some((each) => each in part.value)) part.value = { last: 30 };
      const value = part.value;
      const kind = PERIODS.find((each) => each in value);
      const chooser = select(PERIODS.map((each) => [each, w["period_" + each]]), kind, (next) => {
        part.value = { [next]: next === "this" ? "month" : typeof value[kind] === "number" ? value[kind] : 30, ...(value.anchor ? { anchor: value.anchor } : {}) };
        draw();
        this.changed();
      }, w.period);
      if (kind === "this") {
        return [chooser, select(LONG_UNITS.map((unit) => [unit, w["unit_" + unit]]), value.this, (unit) => { value.this = unit; this.changed(); }, w.unit), this.anchor(value)].filter(Boolean);
      }
      return [chooser, this.number(value, kind), this.unit(value, type === "date" ? LONG_UNITS : UNITS), this.anchor(value)].filter(Boolean);
    }

    days(part) {
      const w = T.words();
      if (!isObject(part.value) || !Array.isArray(part.value.days)) part.value = { days: [0, 7] };
      return [w.between_days, this.number(part.value.days, 0), "–", this.number(part.value.days, 1), w.days_from_today, this.anchor(part.value)].filter(Boolean);
    }

    /* Rows behind a link: whether there are any, or a figure over them. */
    async collection(part, table, known, remove) {
      const w = T.words();
      const field = el("input", { value: part.link || "", "aria-label": w.collection });
      const cell = el("div", { class: "tt-field" }, field);
      T.combobox(field, async () => known.collections);
      field.addEventListener("change", () => { part.link = field.value; part.where = undefined; delete part.attribute; this.draw(); this.changed(); });
      const line = el("div", { class: "r-line" });
      const behind = await T.tableBehind(table, part.link);
      const there = await T.catalogue(behind);
      if (part.kind === "exists") {
        line.append(select([["", w.exists], ["no", w.exists_not]], part.negate ? "no" : "", (value) => { if (value) part.negate = true; else delete part.negate; this.changed(); }, w.exists), cell, this.acts(this.counter(part, table), this.trash(remove)));
      } else {
        this.figure(part, line, cell, there, behind, remove, table);
      }
      const body = el("div", { class: "r-body tt-rules" });
      if (behind) {
        if (part.where) {
          if (!GROUPS.includes(part.where.kind)) part.where = { kind: "all", of: [part.where] };
          body.append(el("span", { class: "tt-quiet" }, w.such_as), await this.group(part.where, behind, there, () => { delete part.where; this.draw(); this.changed(); }));
        } else {
          body.append(el("span", { class: "tt-quiet" }, w.any_such), this.adders(behind, there, (first) => { part.where = { kind: "all", of: [first] }; this.draw(); this.changed(); }, true));
        }
      }
      return el("div", { class: "r-group" }, line, body);
    }

    figure(part, line, cell, there, behind, remove, table) {
      const w = T.words();
      const numeric = (each) => (["sum", "avg"].includes(part.function) ? ["integer", "decimal", "float"].includes(each.type) : true);
      const entry = there.attributes.find((each) => each.name === part.attribute);
      const type = ["count", "count_distinct"].includes(part.function) ? "integer" : entry ? entry.type : "decimal";
      const operators = (there.types && there.types[type]) || [];
      const draw = () => { this.draw(); };
      line.append(select(FUNCTIONS.map((each) => [each, w["function_" + each]]), part.function, (name) => { part.function = name; if (name === "count") delete part.attribute; this.draw(); this.changed(); }, w.figure));
      if (part.function !== "count" && behind) line.append(this.attribute(part, there, behind, numeric, () => { this.draw(); this.changed(); }), el("span", {}, w.of));
      line.append(cell);
      if (behind) line.append(this.operator(part, operators, draw), this.value(part, operators, { type }, draw, there, behind));
      line.append(this.acts(this.counter(part, table), this.trash(remove)));
    }
  }

  function attach(root) {
    root.querySelectorAll("[data-rule]").forEach((each) => {
      if (!each.closest("template") && !each.dataset.ready) { each.dataset.ready = "1"; new Editor(each); }
    });
  }
  document.addEventListener("DOMContentLoaded", () => attach(document));
  document.addEventListener("tt:added", (event) => attach(event.target));
})();
