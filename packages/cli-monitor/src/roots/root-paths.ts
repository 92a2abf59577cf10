import { realpathSync } from "node:fs";
import path from "node:path";

/** Config folders of the agent where none are named: its own variable, else its two usual places. */
export function defaultRoots(env: NodeJS.ProcessEnv, home: string): string[] {
  const named = env.CLAUDE_CONFIG_DIR;
  if (named !== undefined && named !== "") return [path.resolve(named)];
  return [path.join(home, ".claude"), path.join(home, ".config", "claude")];
}

/** A `projects` folder means its parent; the rest is taken as it is, made absolute. */
export function rootOf(given: string, cwd: string): string {
  const absolute = path.resolve(cwd, given);
  return path.basename(absolute) === "projects" ? path.dirname(absolute) : absolute;
}

/** Symlinks resolved; null while the path does not exist. */
export function realPath(given: string): string | null {
  try {
    return realpathSync(given);
  } catch {
    return null;
  }
}

/** Whether `inner` is `folder` or stands under it; both with symlinks resolved. */
export function isWithin(folder: string, inner: string): boolean {
  return inner === folder || inner.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
