/* Pickers of attributes and links: a text field with a searchable list, filled from the catalogue. */
window.tutti = (function () {
  "use strict";
  const read = (id) => { const found = document.getElementById(id); return found ? JSON.parse(found.textContent) : {}; };
  const memory = new Map();
  let words = {};
  let data = {};

  function el(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "class") node.className = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
    }
    return fill(node, ...children);
  }

  /* Puts these in the place of what is there; null stands for nothing. */
  function fill(node, ...children) {
    node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  function source() {
    const form = document.querySelector("[data-picker-source]");
    return form ? form.dataset.pickerSource : "";
  }

  /* One request for each table, whoever asks. */
  function catalogue(table) {
    if (!table) return Promise.resolve({ label: "", attributes: [], collections: [], types: {} });
    if (!memory.has(table)) {
      memory.set(table, fetch(source() + "?table=" + encodeURIComponent(table)).then((answer) => answer.json()));
    }
    return memory.get(table);
  }

  async function tableBehind(table, path) {
    if (!path) return "";
    const known = await catalogue(table);
    const exact = known.collections.find((each) => each.name === path);
    if (exact) return exact.table;
    const [first, ...rest] = path.split(".");
    const step = known.collections.find((each) => each.name === first);
    return step && rest.length ? tableBehind(step.table, rest.join(".")) : "";
  }

  function baseTable() {
    if (data.table) return data.table;
    const chosen = document.querySelector("select[data-widget=dimension]");
    return chosen ? (data.dimensions || {})[chosen.value] || "" : "";
  }

  /* The table that a field is about: behind the link chosen beside it, else the population's own. */
  async function tableOf(field) {
    const group = field.closest("[data-collection]");
    const link = group && group.querySelector("input[data-picker=link]");
    if (!link || link === field) return baseTable();
    return tableBehind(baseTable(), link.value);
  }

  async function optionsFor(field) {
    const table = await tableOf(field);
    const known = await catalogue(table);
    if (field.dataset.picker === "link") return known.collections;
    return table === baseTable() ? columns().concat(known.attributes) : known.attributes;
  }

  const columns = () => (data.columns || []).map((each) => ({ ...each, group: words.from_the_flow }));

  function labelled(option) { return option.group ? option.group + " → " + option.label : option.label; }

  /* A text field that shows labels and holds names. `load` gives the options, `picked` hears of a choice. */
  function combobox(field, load, picked) {
    const shown = el("input", { type: "text", role: "combobox", "aria-expanded": "false", autocomplete: "off",
      placeholder: field.placeholder || words.search, "aria-label": field.getAttribute("aria-label") });
    const list = el("div", { class: "tt-options", role: "listbox", hidden: true });
    const label = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    if (label) { shown.id = field.id + "-shown"; label.htmlFor = shown.id; }
    field.type = "hidden";
    field.after(shown, list);
    let options = [];
    let at = -1;

    async function show() {
      options = await load();
      const found = options.find((each) => each.name === field.value);
      if (document.activeElement !== shown) shown.value = found ? labelled(found) : field.value;
    }
    function close() { list.hidden = true; shown.setAttribute("aria-expanded", "false"); at = -1; }
    function open() {
      const wanted = shown.value.toLowerCase().split(/[\s→]+/).filter(Boolean);
      const fits = (each) => { const text = (labelled(each) + " " + each.name).toLowerCase(); return wanted.every((word) => text.includes(word)); };
      const chosen = options.find((each) => each.name === field.value);
      const all = chosen && shown.value === labelled(chosen);
      const found = (all ? options : options.filter(fits)).slice(0, 200);
      let group = null;
      list.replaceChildren(...found.flatMap((each) => {
        const head = each.group !== group ? [el("p", {}, each.group || words.own)] : [];
        group = each.group;
        return [...head, el("div", { role: "option", "data-name": each.name, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); pick(each); } },
          each.label, el("small", {}, each.type ? words["type_" + each.type] || each.type : each.many === false ? words.one : ""))];
      }));
      if (!found.length) list.append(el("p", {}, options.length ? words.nothing_found : words.nothing_known));
      list.hidden = false;
      shown.setAttribute("aria-expanded", "true");
    }
    function pick(option) {
      field.value = option.name;
      shown.value = labelled(option);
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
      if (picked) picked(option);
    }
    function move(step) {
      const rows = [...list.querySelectorAll("[role=option]")];
      if (!rows.length) return;
      at = (at + step + rows.length) % rows.length;
      rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
      rows[at].scrollIntoView({ block: "nearest" });
    }
    shown.addEventListener("focus", async () => { options = await load(); shown.select(); open(); });
    shown.addEventListener("input", open);
    shown.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { if (list.hidden) open(); move(1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && !list.hidden) {
        const row = list.querySelectorAll("[role=option]")[Math.max(at, 0)];
        if (row) pick(options.find((each) => each.name === row.dataset.name));
        event.preventDefault();
      }
    });
    shown.addEventListener("blur", () => {
      close();
      const typed = shown.value.trim();
      const found = options.find((each) => labelled(each) === typed || each.name === typed || each.label === typed);
      const before = field.value;
      field.value = found ? found.name : typed;
      if (field.value !== before) {
        field.dispatchEvent(new Event("change", { bubbles: true }));
        if (picked && found) picked(found);
      }
      show();
    });
    show();
    return { refresh: show, input: shown };
  }

  function attach(root) {
    root.querySelectorAll("input[data-picker]").forEach((field) => {
      if (field.type === "hidden" || field.closest("template")) return;
      const box = combobox(field, () => optionsFor(field));
      document.addEventListener("change", (event) => {
        if (event.target !== field && (event.target.dataset.picker === "link" || event.target.dataset.widget === "dimension")) box.refresh();
      });
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    words = read("tt-words");
    data = read("tt-picker-data");
    attach(document);
    document.querySelectorAll("time.tt-local").forEach(local);
    document.querySelectorAll("form[data-preview]").forEach(previewed);
    document.querySelectorAll("[data-goto-line]").forEach((link) => link.addEventListener("click", gotoLine));
  });
  document.addEventListener("tt:added", (event) => attach(event.target));
  document.addEventListener("tt:refreshed", () => document.querySelectorAll("time.tt-local").forEach(local));

  function local(time) {
    const shown = new Date(time.dateTime);
    time.textContent = shown.toLocaleString(document.documentElement.lang || undefined, { weekday: "short", year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
    time.title = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  function previewed(form) {
    let waiting = 0;
    const ask = async () => {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const into = document.getElementById(form.dataset.previewInto);
      into.innerHTML = await answer.text();
      into.querySelectorAll("time.tt-local").forEach(local);
    };
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 350); });
    form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(ask, 350); });
  }

  function gotoLine(event) {
    event.preventDefault();
    const text = document.getElementById("text");
    const line = Number(event.currentTarget.dataset.gotoLine);
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    text.scrollTop = (line - 5) * parseFloat(getComputedStyle(text).lineHeight);
  }

  async function post(url, body, signal) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(url, { method: "POST", signal, body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    return answer.ok ? answer.json() : { problem: words.no_answer, problems: [] };
  }

  return { el, fill, catalogue, combobox, tableOf, tableBehind, baseTable, columns, post, words: () => words, data: () => data };
})();
