// Runs before the first paint; the same key is read and written by src/ui/theme.ts.
try {
  const chosen = localStorage.getItem("agentpane.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // A page without storage follows the system.
}
