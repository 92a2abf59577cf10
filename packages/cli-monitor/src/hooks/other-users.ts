import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Below this an account is the system's own: login.defs' UID_MIN on Linux, the first account's on macOS. */
const FIRST_PERSON_UID = { linux: 1000, darwin: 501 } as const;
/** "nobody", who is above that and no person. */
const NOBODY_UIDS = new Set([65_534, 65_535, 4_294_967_294]);
const NO_LOGIN = /\/(nologin|false|sync|halt|shutdown)$/;
/** Places of accounts that `/etc/passwd` lists whole; anything else (a directory service) cannot be counted. */
const LOCAL_SERVICES = new Set(["files", "compat", "systemd"]);
const TOOL_TIMEOUT_MS = 3_000;

interface Account {
  uid: number;
  shell: string;
}

/** Where accounts are read from; a test has its own. */
export interface AccountSource {
  platform: NodeJS.Platform;
  ownUid: number | undefined;
  /** The file's text; throws where it cannot be read. */
  read(file: string): string;
  /** What the tool prints; throws where it fails. */
  run(tool: string, args: string[]): string;
}

export const SYSTEM_ACCOUNTS: AccountSource = {
  platform: process.platform,
  ownUid: process.getuid?.(),
  read: (file) => readFileSync(file, "utf8"),
  run: (tool, args) => execFileSync(tool, args, { encoding: "utf8", timeout: TOOL_TIMEOUT_MS }),
};

/** Whether somebody else can log in to this host; true as well where that cannot be told. */
export function othersCanLogIn(source: AccountSource = SYSTEM_ACCOUNTS): boolean {
  const { platform, ownUid } = source;
  if (platform !== "linux" && platform !== "darwin") return true;
  try {
    const accounts = platform === "linux" ? linuxAccounts(source) : macAccounts(source);
    return accounts === null || accounts.some((account) => isPerson(account, FIRST_PERSON_UID[platform], ownUid));
  } catch {
    return true;
  }
}

function isPerson({ uid, shell }: Account, first: number, ownUid: number | undefined): boolean {
  // No shell at all is /bin/sh (passwd(5)).
  return uid !== ownUid && uid >= first && !NOBODY_UIDS.has(uid) && !NO_LOGIN.test(shell);
}

/** Null where accounts may also come from a directory service. */
function linuxAccounts(source: AccountSource): Account[] | null {
  const services = /^passwd:(.*)$/m.exec(optional(source, "/etc/nsswitch.conf"))?.[1] ?? "files";
  const named = services
    .replace(/#.*|\[[^\]]*\]/g, "")
    .trim()
    .split(/\s+/);
  if (named.some((service) => !LOCAL_SERVICES.has(service))) return null;
  return source
    .read("/etc/passwd")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 7 && /^\d+$/.test(fields[2] ?? ""))
    .map((fields) => ({ uid: Number(fields[2]), shell: fields[6] ?? "" }));
}

function optional(source: AccountSource, file: string): string {
  try {
    return source.read(file);
  } catch {
    return "";
  }
}

function macAccounts(source: AccountSource): Account[] {
  const shells = new Map(listed(source, "UserShell"));
  return listed(source, "UniqueID").map(([name, uid]) => ({ uid: Number(uid), shell: shells.get(name) ?? "" }));
}

function listed(source: AccountSource, property: string): [string, string][] {
  const text = source.run("/usr/bin/dscl", [".", "-list", "/Users", property]);
  return text.split("\n").flatMap((line) => {
    const [, name, value] = /^(\S+)\s+(\S+)$/.exec(line.trim()) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as [string, string]];
  });
}
