/* Generated forms: entries of lists come and go, unions show the fields of the chosen kind, ids follow labels. */
(function () {
  "use strict";
  let fresh = 1000;

  function add(list) {
    const ol = list.querySelector(":scope > ol");
    if (ol.children.length >= Number(list.dataset.most || 1000)) return;
    const html = list.querySelector(":scope > template").innerHTML;
    const box = document.createElement("template");
    box.innerHTML = html.replaceAll(list.dataset.list, String(fresh));
    fresh += 1;
    const entry = box.content.firstElementChild;
    ol.append(entry);
    fill(entry);
    entry.dispatchEvent(new CustomEvent("tt:added", { bubbles: true }));
    const first = entry.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  }

  function fill(root) {
    root.querySelectorAll("[data-list]").forEach((list) => {
      const ol = list.querySelector(":scope > ol");
      while (ol.children.length < Number(list.dataset.least || 0)) {
        const before = ol.children.length;
        add(list);
        if (ol.children.length === before) break;
      }
    });
  }

  function choose(select) {
    select.closest("[data-union]").querySelectorAll(":scope > [data-variant]").forEach((variant) => {
      const chosen = variant.dataset.variant === select.value;
      variant.disabled = !chosen;
      variant.hidden = !chosen;
      if (chosen) fill(variant);
    });
  }

  function slugged(text, kind) {
    const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    const joined = plain.replace(/[^a-z0-9]+/g, kind === "port" ? "-" : "_").replace(/^[-_]+|[-_]+$/g, "");
    return kind === "column" ? joined.replace(/^[0-9_]+/, "").slice(0, 40) : joined.slice(0, 40);
  }

  function follow(label) {
    const group = label.closest("fieldset");
    const slug = group && [...group.querySelectorAll("[data-slug]")].find((each) => each.closest("fieldset") === group);
    if (slug && !slug.dataset.own) {
      slug.value = slugged(label.value, slug.dataset.slug);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const list = button.closest("[data-list]");
    const entry = button.closest("li");
    if ("add" in button.dataset) add(list);
    if ("remove" in button.dataset) { entry.dispatchEvent(new CustomEvent("tt:changed", { bubbles: true })); entry.remove(); }
    if ("up" in button.dataset && entry.previousElementSibling) entry.previousElementSibling.before(entry);
  });
  document.addEventListener("change", (event) => {
    if ("chooses" in event.target.dataset) choose(event.target);
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.slug) field.dataset.own = field.value ? "1" : "";
    else if (/\/label$/.test(field.name || "")) follow(field);
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-slug]").forEach((field) => { if (field.value) field.dataset.own = "1"; });
    document.querySelectorAll("form.tt-form").forEach(fill);
    document.querySelectorAll("form.tt-form").forEach((form) => {
      let dirty = false;
      form.addEventListener("input", () => { dirty = true; });
      form.addEventListener("submit", () => { dirty = false; });
      window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
    });
    document.querySelectorAll("[data-typed-name]").forEach((field) => {
      const button = field.form.querySelector("[data-waits]");
      const check = () => { button.disabled = field.value.trim() !== field.dataset.typedName; };
      field.addEventListener("input", check);
      check();
    });
  });
})();
