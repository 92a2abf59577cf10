import { type SessionStatus, sessionsPage } from "@agentpane/protocol";
import { requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { print, printJson, table } from "../terminal/print.ts";
import { when } from "../terminal/times.ts";

export interface SessionsFlags {
  limit: number;
  status?: SessionStatus;
  project?: string;
  branch?: string;
  machine?: string;
  q?: string;
}

export async function printSessions(settings: Settings, flags: SessionsFlags): Promise<void> {
  const server = requireServer(settings);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(flags)) if (value !== undefined) query.set(name, String(value));
  const page = sessionsPage.parse(await server.call("GET", `/sessions?${query}`));
  if (settings.json) return printJson(page);
  if (page.total === 0) return print("No sessions.");
  const now = Date.now();
  const rows = page.sessions.map((session) => [
    session.status,
    session.title ?? session.goal ?? "(no title)",
    [session.project, session.branch].filter(Boolean).join(" · "),
    session.machine.name,
    when(session.lastActivityAt, now),
    session.id,
  ]);
  print(table([["STATUS", "TITLE", "PROJECT", "MACHINE", "LAST ACTIVITY", "SESSION"], ...rows]));
  if (page.total > page.sessions.length) print(`${page.sessions.length} of ${page.total}; more with --limit N.`);
}
