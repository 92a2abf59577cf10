import type { MonitorReport, RegisterBody } from "@agentpane/protocol";
import { allRows, type Db, getRow, run } from "./sqlite.ts";

export interface StoredMachine {
  id: string;
  hostSha256: string;
  name: string;
  os: string;
  monitorVersion: string;
  bootId: string;
  registeredAt: number;
  lastSeenAt: number;
  /** When its monitor said goodbye; null while it has not. */
  leftAt: number | null;
  report: MonitorReport | null;
}

interface MachineColumns {
  id: string;
  host_sha256: string;
  name: string;
  os: string;
  monitor_version: string;
  boot_id: string;
  registered_at: number;
  last_seen_at: number;
  left_at: number | null;
  report: string | null;
}

function fromRow(row: MachineColumns): StoredMachine {
  return {
    id: row.id,
    hostSha256: row.host_sha256,
    name: row.name,
    os: row.os,
    monitorVersion: row.monitor_version,
    bootId: row.boot_id,
    registeredAt: row.registered_at,
    lastSeenAt: row.last_seen_at,
    leftAt: row.left_at,
    report: row.report === null ? null : (JSON.parse(row.report) as MonitorReport),
  };
}

export function allMachines(db: Db): StoredMachine[] {
  return allRows<MachineColumns>(db, "SELECT * FROM machines ORDER BY name, id").map(fromRow);
}

export function machineById(db: Db, id: string): StoredMachine | undefined {
  const row = getRow<MachineColumns>(db, "SELECT * FROM machines WHERE id = ?", id);
  return row === undefined ? undefined : fromRow(row);
}

export function saveMachine(db: Db, body: RegisterBody, now: number): void {
  run(
    db,
    `INSERT INTO machines (id, host_sha256, name, os, monitor_version, boot_id, registered_at, last_seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, os = excluded.os, monitor_version = excluded.monitor_version,
       boot_id = excluded.boot_id, last_seen_at = excluded.last_seen_at, left_at = NULL, report = NULL`,
    body.machine,
    body.hostSha256,
    body.name,
    body.os,
    body.monitorVersion,
    body.bootId,
    now,
    now,
  );
}

export function saveReport(db: Db, machine: string, report: MonitorReport, now: number): void {
  run(
    db,
    "UPDATE machines SET last_seen_at = ?, left_at = NULL, report = ? WHERE id = ?",
    now,
    JSON.stringify(report),
    machine,
  );
}

export function machineSeen(db: Db, machine: string, now: number): void {
  run(db, "UPDATE machines SET last_seen_at = max(last_seen_at, ?) WHERE id = ?", now, machine);
}

export function machineLeft(db: Db, machine: string, now: number): void {
  run(db, "UPDATE machines SET left_at = ?, last_seen_at = ? WHERE id = ?", now, now, machine);
}

/** Sessions whose primary is on the machine. */
export function countSessionsOfMachine(db: Db, machine: string): number {
  return getRow<{ count: number }>(db, "SELECT count(*) AS count FROM sessions WHERE machine = ?", machine)?.count ?? 0;
}
