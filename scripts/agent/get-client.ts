import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { runNpm } from "../enter/npm.mjs";

/** The client whose behaviour the product was built on; `docs/claude-code-format.md` says what was observed of it. */
const CLIENT_VERSION = "2.1.330";
const CLIENT_PACKAGE = "@anthropic-ai/claude-code";
/** 380 MB. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/**
 * The folder that holds the real client: outside of the repository, since it is large, and kept for the next run.
 * AGENTPANE_CLIENT_CACHE names another place. Throws what npm said where the client cannot be got.
 */
export async function getClient(): Promise<string> {
  const cache = process.env.AGENTPANE_CLIENT_CACHE ?? join(tmpdir(), `agentpane-client-${userInfo().uid}`);
  const folder = join(cache, CLIENT_VERSION);
  if (installedVersion(folder) === CLIENT_VERSION) return folder;
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const args = ["install", "--prefix", draft, "--no-audit", "--no-fund", `${CLIENT_PACKAGE}@${CLIENT_VERSION}`];
    const { code, output } = await runNpm(`getting the client ${CLIENT_VERSION}`, args, {
      cwd: draft,
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
    if (code !== 0) throw new Error(`npm could not get the client:\n${output}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Null where there is none, or only a part of one. */
function installedVersion(folder: string): string | null {
  const modules = join(folder, "node_modules");
  if (!existsSync(join(modules, ".bin", "claude"))) return null;
  try {
    const facts = JSON.parse(readFileSync(join(modules, CLIENT_PACKAGE, "package.json"), "utf8"));
    return (facts as { version: string }).version;
  } catch {
    return null;
  }
}
