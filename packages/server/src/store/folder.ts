import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  statfsSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AgentPaneError } from "@agentpane/protocol";

/** `statfs` types on Linux whose locks or shared memory SQLite's WAL cannot trust (statfs(2), linux/magic.h). */
const NETWORK_FILESYSTEMS = new Map<number, string>([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB"],
  [0xff534d42, "CIFS"],
  [0x01021997, "9P"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x564c, "NCP"],
  [0x73757245, "Coda"],
]);
const FUSE = 0x65735546;
/** FUSE carries local filesystems too, so these are told by the name in the mount table. */
const NETWORK_FUSE =
  /^fuse\.(sshfs|rclone|s3fs|s3ql|glusterfs|ceph|ceph-fuse|gcsfuse|davfs|curlftpfs|blobfuse|smbnetfs)/;

export interface DataFiles {
  database: string;
  lock: string;
}

/** What the machine says of a folder; a parameter so that a test can stand in for a network mount. */
export interface FolderFacts {
  /** The filesystem's type number, as statfs(2) on Linux gives it. */
  filesystemType(folder: string): number;
  /** The mount table, in the form of /proc/self/mountinfo; empty where the system has none. */
  mountTable(): string;
}

const ofThisSystem: FolderFacts = {
  // Other systems number their types differently; nothing is known of them, so nothing is refused.
  filesystemType: (folder) => (process.platform === "linux" ? statfsSync(folder).type : 0),
  mountTable() {
    try {
      return readFileSync("/proc/self/mountinfo", "utf8");
    } catch {
      return "";
    }
  },
};

export function dataFiles(folder: string): DataFiles {
  return { database: join(folder, "agentpane.db"), lock: join(folder, "server.lock") };
}

/** Makes the folder (0700) and its files (0600), or says by `store_unsuitable` why they cannot be there. */
export function prepareDataFolder(folder: string, facts: FolderFacts = ofThisSystem): DataFiles {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AgentPaneError(
      "store_unsuitable",
      `The data folder ${folder} cannot be written. Take another with --data.`,
      { cause },
    );
  }
  const network = networkFilesystem(folder, facts);
  if (network !== null) {
    throw new AgentPaneError(
      "store_unsuitable",
      `The data folder ${folder} is on a network filesystem (${network}). Take a local one with --data.`,
    );
  }
  const files = dataFiles(folder);
  try {
    // Made before SQLite opens them, since SQLite gives its -wal and -shm files the mode of the database.
    for (const file of Object.values(files)) closeSync(openSync(file, "a", 0o600));
  } catch (cause) {
    throw new AgentPaneError(
      "store_unsuitable",
      `The data folder ${folder} cannot be written. Take another with --data.`,
      { cause },
    );
  }
  return files;
}

function networkFilesystem(folder: string, facts: FolderFacts): string | null {
  const type = facts.filesystemType(folder);
  const known = NETWORK_FILESYSTEMS.get(type >>> 0);
  if (known !== undefined) return known;
  if (type !== FUSE) return null;
  const fuse = mountType(folder, facts.mountTable());
  return fuse !== null && NETWORK_FUSE.test(fuse) ? fuse : null;
}

/** Type of the innermost mount that holds `folder`; see proc_pid_mountinfo(5) for the fields. */
function mountType(folder: string, table: string): string | null {
  let best: { length: number; type: string } | null = null;
  for (const line of table.split("\n")) {
    const [before, after] = line.split(" - ");
    const point = before?.split(" ")[4];
    const type = after?.split(" ")[0];
    if (point === undefined || type === undefined) continue;
    const inside = point === "/" || folder === point || folder.startsWith(`${point}/`);
    if (inside && point.length >= (best?.length ?? 0)) best = { length: point.length, type };
  }
  return best?.type ?? null;
}

/**
 * Holds the folder against a second server until disposed. The lock is SQLite's own on a database of its own: the
 * kernel drops it with the process, however that ends, and SQLite sees a second holder within one process too.
 */
export function lockDataFolder(files: DataFiles, folder: string): Disposable {
  const database = new DatabaseSync(files.lock);
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new AgentPaneError("store_locked", `Another server uses ${folder}. Stop it, or take another data folder.`, {
      cause,
    });
  }
  return { [Symbol.dispose]: () => database.close() };
}
