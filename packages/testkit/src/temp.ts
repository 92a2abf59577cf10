import { mkdtempSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that goes with its owner. The path has no symlink in it. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

export function tempFolder(name: string): TempFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `agentpane-${name}-`)));
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (process.env.PROOF_KEEP_TEMP === "1") return;
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
