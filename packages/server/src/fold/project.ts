/**
 * Name of the project that a folder belongs to: its last part, where a worktree of the agent's own counts as the
 * folder it was taken from. Null for the root of a filesystem.
 */
export function projectOf(cwd: string): string | null {
  const folder = cwd.replace(/[/\\]\.claude[/\\]worktrees[/\\].*$/, "");
  const name = folder
    .split(/[/\\]/)
    .filter((part) => part !== "")
    .at(-1);
  return name === undefined || /^[A-Za-z]:$/.test(name) ? null : name.slice(0, 200);
}
