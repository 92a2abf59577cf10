import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { AgentPaneError } from "@agentpane/protocol";

/** Settings larger than this are no settings. */
const MAX_SETTINGS_BYTES = 8 * 1024 * 1024;
/** What stood there before our hook, beside the file. */
const BACKUP_SUFFIX = ".agentpane-backup";
const OWNER_ONLY = 0o600;
const OWNER_WRITES = 0o200;

/** A settings file as it was when it was read. */
export interface SettingsFile {
  /** As a person knows it. */
  path: string;
  /** Where it really is; the same where it does not exist. */
  real: string;
  /** Null where there is none. */
  text: string | null;
  stats: Pick<Stats, "mtimeMs" | "ctimeMs" | "size" | "ino" | "mode"> | null;
}

export function readSettings(file: string): SettingsFile {
  const real = target(file);
  const stats = statSync(real, { throwIfNoEntry: false }) ?? null;
  if (stats === null) return { path: file, real, text: null, stats };
  if (!stats.isFile() || stats.size > MAX_SETTINGS_BYTES) {
    throw new AgentPaneError("settings_invalid", `${file} is not a settings file.`);
  }
  const bytes = readFileSync(real);
  // Other bytes would not come back as they were.
  if (!isUtf8(bytes)) throw new AgentPaneError("settings_invalid", `${file} is not text in UTF-8.`);
  return { path: file, real, text: bytes.toString("utf8"), stats };
}

/**
 * Puts `text` in the file's place in one step, with its mode and through a link to where it really is; null removes the file. Throws
 * `conflict` where somebody changed the file since it was read: nothing was written then.
 */
export function writeSettings(before: SettingsFile, text: string | null): void {
  if (text === null) {
    refuseChanged(before);
    rmSync(before.real, { force: true });
    return;
  }
  const draft = path.join(path.dirname(before.real), `.settings-${randomBytes(6).toString("hex")}.tmp`);
  try {
    writeDurably(draft, text, before.stats === null ? OWNER_ONLY : before.stats.mode & 0o777);
    refuseChanged(before);
    renameSync(draft, before.real);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Keeps what stands in the file, readable by its owner alone; of a file that does not exist, that there was none. */
export function backUp({ real, text }: SettingsFile): void {
  const backup = real + BACKUP_SUFFIX;
  rmSync(backup, { force: true });
  if (text !== null) writeDurably(backup, text, OWNER_ONLY);
}

/** What `backUp` kept; null where there is nothing. */
export function backedUp({ real }: SettingsFile): string | null {
  try {
    return readFileSync(real + BACKUP_SUFFIX, "utf8");
  } catch {
    return null;
  }
}

export function dropBackup({ real }: SettingsFile): void {
  rmSync(real + BACKUP_SUFFIX, { force: true });
}

/** Where a link leads, also to a file that is not there yet. */
function target(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/**
 * Throws `conflict` where the file is read-only, or another user's: what we put in its place would be ours, and under sudo the agent
 * could no longer read its own settings.
 */
export function refuseForeign({ path: shown, real, stats }: SettingsFile): void {
  const owner = statSync(stats === null ? path.dirname(real) : real).uid;
  if (process.platform !== "win32" && owner !== process.getuid?.()) {
    throw new AgentPaneError(
      "conflict",
      `${shown} belongs to another user; nothing was written. Run this as that user.`,
    );
  }
  if (stats !== null && (stats.mode & OWNER_WRITES) === 0) {
    throw new AgentPaneError("conflict", `${shown} is read-only; nothing was written. Make it writable first.`);
  }
}

function refuseChanged({ path: shown, real, stats }: SettingsFile): void {
  const now = statSync(real, { throwIfNoEntry: false }) ?? null;
  const fields = ["mtimeMs", "ctimeMs", "size", "ino"] as const;
  const isSame = stats === null ? now === null : now !== null && fields.every((field) => now[field] === stats[field]);
  if (!isSame) throw new AgentPaneError("conflict", `${shown} changed meanwhile; nothing was written. Try again.`);
}

function writeDurably(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, "wx", OWNER_ONLY);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  // What a person's umask would take off stays as it was.
  chmodSync(file, mode);
}
