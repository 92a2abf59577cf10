import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A package that is published. Its sources are private in the workspace; what is published is the bundle. */
export interface Published {
  name: string;
  /** Folder under `packages/`. */
  folder: string;
  description: string;
  /** The command, and its shim seen from the folder. */
  bin: Record<string, string>;
  /** Whether the dashboard goes with it. */
  dashboard: boolean;
}

export const PUBLISHED: readonly Published[] = [
  {
    name: "agentpane",
    folder: "agentpane",
    description: "Every coding-agent session on your machines in one live page",
    bin: { agentpane: "bin/agentpane.js" },
    dashboard: true,
  },
  {
    name: "@agentpane/cli-monitor",
    folder: "cli-monitor",
    description: "Reports one machine's coding-agent sessions to an AgentPane server",
    bin: { "cli-monitor": "bin/cli-monitor.js" },
    dashboard: false,
  },
];

/** The one version of everything, from the root's package.json. */
export function workspaceVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}
