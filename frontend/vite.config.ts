import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Django serves what is built: names are fixed, so that a template can name them. What few need is a file of its own, loaded
// when it is needed.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../campaigns/static/canvas",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    // What travels is weighed by `make canvas-check`.
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: "src/main.tsx",
      output: { entryFileNames: "canvas.js", chunkFileNames: "[name].js", assetFileNames: "canvas.[ext]" },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
