import type { SessionFile } from "@agentpane/protocol";

export type FileSort = "recent" | "path" | "changes";
export type FileKind = "all" | "changed" | "read";

/** A file as it is listed. */
export interface FileRow {
  file: SessionFile;
  /** As seen from where the session works. */
  folder: string;
  name: string;
  outside: boolean;
}

/** Which files are shown, and in which order. Words must all stand in the path, in any case. */
export function rowsOf(
  files: readonly SessionFile[],
  cwd: string | null,
  choice: { words: string; kind: FileKind; sort: FileSort },
): FileRow[] {
  const words = choice.words.toLowerCase().split(/\s+/).filter(Boolean);
  return files
    .filter(({ path }) => words.every((word) => path.toLowerCase().includes(word)))
    .filter((file) => choice.kind === "all" || isChanged(file) === (choice.kind === "changed"))
    .map((file) => rowOf(file, cwd))
    .sort(ORDERS[choice.sort]);
}

/** Whether a change of it succeeded, or is under way. */
export function isChanged({ edits, writes }: SessionFile): boolean {
  return edits + writes > 0;
}

/** A path that climbs out of the folder again is outside of it. */
function rowOf(file: SessionFile, cwd: string | null): FileRow {
  const { path } = file;
  const absolute = path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
  const climbs = path.split(/[\\/]/).includes("..");
  const inside = cwd !== null && path.startsWith(`${cwd.replace(/\/$/, "")}/`) && !climbs;
  const outside = (absolute && cwd !== null && !inside) || (climbs && !absolute);
  const shown = inside && cwd !== null ? path.slice(cwd.replace(/\/$/, "").length + 1) : path;
  const cut = Math.max(shown.lastIndexOf("/"), shown.lastIndexOf("\\")) + 1;
  return { file, folder: shown.slice(0, cut), name: shown.slice(cut), outside };
}

const ORDERS: Record<FileSort, (a: FileRow, b: FileRow) => number> = {
  recent: (a, b) => (b.file.lastAt ?? 0) - (a.file.lastAt ?? 0) || byPath(a, b),
  // What belongs to the session first, then the rest of the disk.
  path: (a, b) => Number(a.outside) - Number(b.outside) || byPath(a, b),
  changes: (a, b) => linesOf(b.file) - linesOf(a.file) || b.file.edits + b.file.writes - a.file.edits - a.file.writes,
};

function byPath(a: FileRow, b: FileRow): number {
  return a.file.path < b.file.path ? -1 : 1;
}

function linesOf({ added, removed }: SessionFile): number {
  return (added ?? 0) + (removed ?? 0);
}
