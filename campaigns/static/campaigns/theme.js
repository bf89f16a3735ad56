// Light or dark as the admin's theme remembers it, before anything is painted, for pages outside the theme's frame.
(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const chosen = () => {
        try { return JSON.parse(localStorage.getItem("adminTheme")) || "auto"; } catch { return "auto"; }
    };
    const dress = () => {
        const theme = chosen();
        document.documentElement.className = theme === "dark" || (theme === "auto" && dark.matches) ? "dark" : "light";
    };
    dress();
    dark.addEventListener("change", dress);
    window.addEventListener("storage", dress);
    document.addEventListener("keydown", (event) => {
        if (event.key !== "e" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        const next = document.documentElement.className === "dark" ? "light" : "dark";
        try { localStorage.setItem("adminTheme", JSON.stringify(next)); } catch { /* not remembered, still dressed */ }
        document.documentElement.className = next;
    }, true);
})();
