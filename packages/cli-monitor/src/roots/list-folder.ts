import { type Dirent, lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import type { Adapter } from "@agentpane/agents";
import { type Level, levelWithin, type TreeFile, treeFile } from "./layout.ts";
import { isWithin, realPath } from "./root-paths.ts";

/** A folder as it was listed. */
export interface Folder {
  level: Level;
  /** Symlinks resolved. */
  path: string;
  /** From the root, with forward slashes; "" for the root itself. */
  relative: string;
  /** The session folder that it is or stands in; null above the sessions. */
  session: string | null;
}

/** Folders below a root that are looked into, so that links cannot lead in circles. */
const MAX_DEPTH = 12;

export interface Listing {
  files: TreeFile[];
  folders: Folder[];
}

/** What stands in the folder and is of interest; null where it cannot be listed. */
export function listFolder(adapter: Adapter, root: string, folder: Folder): Listing | null {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder.path, { withFileTypes: true });
  } catch {
    return null;
  }
  const listing: Listing = { files: [], folders: [] };
  for (const entry of entries) {
    const found = lookAt(adapter, root, folder, entry.name, typeOf(entry));
    if (found === null) continue;
    if ("level" in found) listing.folders.push(found);
    else listing.files.push(found);
  }
  return listing;
}

/**
 * One entry of a folder: a file that the adapter names, a folder in which one can stand, or null. A link counts as what
 * it leads to, as long as that stands under the root.
 */
export function lookAt(
  adapter: Adapter,
  root: string,
  folder: Folder,
  name: string,
  type = typeOnDisk(path.join(folder.path, name)),
): TreeFile | Folder | null {
  const relative = folder.relative === "" ? name : `${folder.relative}/${name}`;
  let at = folder.path + path.sep + name;
  let kind = type;
  if (kind === "link") {
    const real = realPath(at);
    if (real === null || !isWithin(root, real)) return null;
    at = real;
    kind = typeOnDisk(at);
  }
  if (kind === "file") return treeFile(adapter, root, relative, at);
  const level = kind === "folder" ? levelWithin(folder.level, name) : null;
  if (level === null || relative.split("/").length > MAX_DEPTH) return null;
  return { level, path: at, relative, session: level === "session" ? at : folder.session };
}

type EntryType = "file" | "folder" | "link" | null;

function typeOf(entry: Dirent | Stats): EntryType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : null;
}

function typeOnDisk(at: string): EntryType {
  const stats = lstatSync(at, { throwIfNoEntry: false });
  return stats === undefined ? null : typeOf(stats);
}

/** Null where nothing is there or it may not be looked at. */
export function statsOf(at: string): Stats | null {
  try {
    return statSync(at, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
