import { type RegistryStatus, registryStatus } from "@agentpane/protocol";
import type { RegistryEntry } from "../adapter.ts";
import { parseWhole } from "./parsed.ts";
import { count, head, isObject, word } from "./taken.ts";
import type { Taken } from "./want.ts";

/** `sessionId` of the protocol, and its longest times, names and starts. */
const MAX_ID_CHARS = 200;
const MAX_TIME_MS = 253_402_300_800_000;
const MAX_NAME_CHARS = 300;
const MAX_START_CHARS = 64;

/** Beside them stand `<pid>.<64 hex>.key`, which are secrets: never opened. */
const ENTRY = /^sessions\/([1-9]\d{0,9})\.json$/;
/** `linux:<machine id>:pid:[4026531836]`, seen in 2.1.330; other systems have no such namespaces. */
const NAMESPACE = /(?:^|:)(pid:\[\d{1,20}\])$/;

/** `sessions/<pid>.json`: the process that the file is about. */
export function registryName(path: string): number | null {
  const entry = ENTRY.exec(path);
  return entry === null ? null : Number(entry[1]);
}

/**
 * What one live process of 2.1.330 says of itself. Null where the bytes are no whole entry: the client writes in place, and
 * cuts the file to its new length only afterwards. `-p` runs have no status in older clients.
 */
export function readRegistry(bytes: Buffer): RegistryEntry | null {
  const facts = parseWhole(bytes);
  if (!isObject(facts)) return null;
  const pid = count(facts.pid);
  const session = typeof facts.sessionId === "string" ? facts.sessionId : "";
  if (pid === undefined || pid === 0 || session === "" || session.length > MAX_ID_CHARS) return null;
  const status = statusOf(facts.status);
  return {
    pid,
    session,
    // Windows has its own: 100 ns since 1601.
    procStart: start(facts.procStart) ?? start(facts.procStartFt) ?? "",
    pidNamespace: NAMESPACE.exec(head(facts.pidDomain))?.[1] ?? null,
    status,
    waitingFor: status === "waiting" ? (word(facts.waitingFor) ?? null) : null,
    statusAt: status === null ? null : (time(facts.statusUpdatedAt) ?? time(facts.updatedAt)),
    startedAt: time(facts.startedAt),
    writtenAt: latest(time(facts.updatedAt), time(facts.statusUpdatedAt), time(facts.startedAt)),
    kind: word(facts.kind) ?? null,
    entrypoint: word(facts.entrypoint) ?? null,
    agentVersion: word(facts.version) ?? null,
    name: head(facts.name, MAX_NAME_CHARS).toWellFormed() || null,
  };
}

function statusOf(value: Taken): RegistryStatus | null {
  const known = registryStatus.safeParse(value);
  return known.success ? known.data : null;
}

function start(value: Taken): string | null {
  return typeof value === "string" && value !== "" && value.length <= MAX_START_CHARS ? value : null;
}

function time(value: Taken): number | null {
  const ms = count(value);
  return ms === undefined || ms > MAX_TIME_MS ? null : ms;
}

function latest(...times: (number | null)[]): number | null {
  const known = times.filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}
