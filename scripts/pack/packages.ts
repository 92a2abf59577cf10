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
  /**
   * Libraries that bring binaries of each system and cannot be bundled, by the workspace package that declares them. npm gets
   * those of the system that it installs on; without them the rest works.
   */
  native: Readonly<Record<string, string>>;
}

export const PUBLISHED: readonly Published[] = [
  {
    name: "agentpane",
    folder: "agentpane",
    description: "Every coding-agent session on your machines in one live page",
    bin: { agentpane: "bin/agentpane.js" },
    dashboard: true,
    native: { "@lydell/node-pty": "cli-monitor" },
  },
  {
    name: "@agentpane/cli-monitor",
    folder: "cli-monitor",
    description: "Reports one machine's coding-agent sessions to an AgentPane server",
    bin: { "cli-monitor": "bin/cli-monitor.js" },
    dashboard: false,
    native: {},
  },
];

/** The one version of everything, from the root's package.json. */
export function workspaceVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** The native libraries of a package with the version that this workspace is tested with. Throws where one is not declared. */
export function nativeDependencies(root: string, { native }: Published): Record<string, string> {
  const versions = Object.entries(native).map(([library, workspace]) => {
    const path = join(root, "packages", workspace, "package.json");
    const { dependencies = {} } = JSON.parse(readFileSync(path, "utf8")) as { dependencies?: Record<string, string> };
    const version = dependencies[library];
    if (version === undefined) throw new Error(`packages/${workspace} does not depend on ${library}`);
    return [library, version];
  });
  return Object.fromEntries(versions);
}
