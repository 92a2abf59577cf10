import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AgentPaneError } from "@agentpane/protocol";
import type { Server } from "@agentpane/server";
import { aborted } from "../lifetime.ts";
import { openLog } from "../log-file.ts";
import { MonitorProcess } from "../monitor-process.ts";
import { renewMonitorToken } from "../monitor-token.ts";
import { type ServerFlags, startOwnServer } from "../own-server.ts";
import type { Settings } from "../settings.ts";
import { openLink } from "../terminal/open-link.ts";
import { print, printJson, say } from "../terminal/print.ts";
import { VERSION } from "../version.ts";

export interface UpFlags extends ServerFlags {
  /** False with `--no-open`. */
  open: boolean;
  root: string[];
  name?: string;
}

/** Server here, monitor in a child, a link to the page; until it is told to stop. */
export async function up(settings: Settings, flags: UpFlags, stop: AbortSignal): Promise<void> {
  makeDataFolder(settings.dataDir);
  const logPath = join(settings.dataDir, "agentpane.log");
  await using stack = new AsyncDisposableStack();
  const log = stack.use(openLog(logPath));
  const server = stack.use(await startOwnServer(settings, { logLevel: "info", ...flags }, logPath));
  stack.use(
    new MonitorProcess({
      args: monitorArgs(server, flags, await renewMonitorToken(server.access, settings.dataDir)),
      output: log.descriptor,
      onRestart: (why, inMs) => {
        say(`The monitor stopped (${why}); it starts again in ${Math.ceil(inMs / 1000)} s. Its log: ${logPath}`);
      },
    }),
  );
  await tellLink(settings, flags, server, logPath);
  await aborted(stop);
  say("Stopping.");
}

function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const message = `The data folder ${folder} cannot be written. Take another: --data FOLDER, or AGENTPANE_DATA.`;
    throw new AgentPaneError("store_unsuitable", message, { cause });
  }
}

function monitorArgs(server: Server, flags: UpFlags, tokenFile: string): string[] {
  const args = ["monitor", "--server", server.address, "--token-file", tokenFile];
  if (flags.name !== undefined) args.push("--name", flags.name);
  for (const root of flags.root) args.push("--root", root);
  return args;
}

async function tellLink(settings: Settings, flags: UpFlags, server: Server, logPath: string): Promise<void> {
  const { code } = await server.access.makeCode("admin");
  const url = `${server.address}/#code=${code}`;
  if (settings.json) {
    const { dataDir } = settings;
    printJson({ url, address: server.address, port: server.port, pid: process.pid, dataDir });
  } else {
    print(`AgentPane ${VERSION} runs at ${server.address}`);
    print(`Open within 2 minutes, good once:  ${url}`);
    print(`A fresh link: agentpane link    Log: ${logPath}    Stop: Ctrl-C`);
  }
  if (flags.open) await openLink(url, settings.dataDir);
}
