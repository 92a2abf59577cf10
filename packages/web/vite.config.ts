import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import workspace from "../../package.json" with { type: "json" };

/** The first browsers with `light-dark()`, `color-mix()` and `Set` methods; nothing is rewritten for older ones. */
const BROWSERS = ["chrome123", "edge123", "firefox127", "safari17.5"];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  define: { __APP_VERSION__: JSON.stringify(workspace.version) },
  build: {
    target: BROWSERS,
    cssTarget: BROWSERS,
    // The server's content security policy knows no inline script, so nothing may be inlined into the page.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // kB before compression; what is sent is a third of it.
    chunkSizeWarningLimit: 600,
  },
});
