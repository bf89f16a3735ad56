/* The graph: fits its box, zooms, and shows a run's states and counts, asked for while the run moves. */
(function () {
  "use strict";
  const LIVE = 2000;
  const CALM = 15000;

  function zoomable(graph) {
    const svg = graph.querySelector("svg");
    const width = Number(svg.getAttribute("width"));
    const height = Number(svg.getAttribute("height"));
    let scale = 1;
    const set = (next) => {
      scale = Math.min(2, Math.max(0.25, next));
      svg.setAttribute("width", width * scale);
      svg.setAttribute("height", height * scale);
    };
    const fit = () => set(Math.min(1, Math.max(0.75, (graph.clientWidth - 4) / width)));
    const bar = graph.parentElement.querySelector("[data-zoom]");
    if (bar) {
      bar.hidden = false;
      bar.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        if (button.dataset.by === "fit") set((graph.clientWidth - 4) / width);
        else set(scale * Number(button.dataset.by));
      });
    }
    fit();
  }

  function texts(selector, value) { document.querySelectorAll(selector).forEach((each) => { each.textContent = value; }); }

  function paint(graph, state) {
    graph.classList.add("has-counts");
    for (const [id, activity] of Object.entries(state.activities)) {
      texts(`[data-state-of="${CSS.escape(id)}"]`, activity.words);
      const box = graph.querySelector(`[data-box="${CSS.escape(id)}"]`);
      if (box) box.setAttribute("class", box.getAttribute("class").replace(/ is-\S+/g, "") + " is-" + activity.state);
    }
    for (const [key, count] of Object.entries(state.ports)) texts(`[data-count-of="${CSS.escape(key)}"]`, count);
    document.querySelectorAll("[data-run-words]").forEach((each) => { each.textContent = state.words; });
  }

  /* Sections of the page that change with the run are taken from the page itself, but for those somebody reads in. */
  async function refresh() {
    const sections = [...document.querySelectorAll("[data-live]")].filter((each) => !each.querySelector("details[open]"));
    if (!sections.length) return;
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    sections.forEach((each) => {
      const found = fresh.querySelector(`[data-live="${each.dataset.live}"]`);
      if (found) each.innerHTML = found.innerHTML;
    });
    document.dispatchEvent(new CustomEvent("tt:refreshed"));
  }

  /* The run went on between the page and the first question. */
  function isStale(state) { return [...document.querySelectorAll("[data-run-words]")].some((each) => each.textContent !== state.words); }

  function follow(graph) {
    let tag = "";
    let first = true;
    let timer = 0;
    async function ask() {
      clearTimeout(timer);
      if (document.hidden) return;
      let state = null;
      try {
        const answer = await fetch(graph.dataset.runState, { headers: tag ? { "If-None-Match": tag } : {} });
        if (answer.status === 304) { timer = setTimeout(ask, LIVE); return; }
        if (!answer.ok) { timer = setTimeout(ask, CALM); return; }
        tag = answer.headers.get("ETag") || "";
        state = await answer.json();
      } catch { timer = setTimeout(ask, CALM); return; }
      if (!first || state.moving || isStale(state)) await refresh();
      first = false;
      paint(graph, state);
      if (!state.over) timer = setTimeout(ask, state.moving ? LIVE : CALM);
    }
    document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
    ask();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".tt-graph").forEach((graph) => {
      zoomable(graph);
      if (graph.dataset.runState) follow(graph);
    });
  });
})();
