import { randomBytes } from "node:crypto";
import path from "node:path";
import { machineId, sha256Hex } from "@agentpane/protocol";
import { z } from "zod";
import { hostSha256 } from "./host-id.ts";
import { createFile, openStateFolder, readJson, replaceFile } from "./state-folder.ts";

const machineFile = z.object({ id: machineId, hostSha256: sha256Hex });
export type MachineIdentity = z.infer<typeof machineFile>;

/**
 * Who this machine is: a random id made once and kept in the host's state folder, with the host it was made on. Where that
 * is another one the id is made anew, so that two hosts never pass for one machine.
 */
export function machineIdentity(folder: string, host: string = hostSha256()): MachineIdentity {
  openStateFolder(folder);
  const file = path.join(folder, "machine.json");
  const kept = machineFile.safeParse(readJson(file));
  if (kept.success && kept.data.hostSha256 === host) return kept.data;
  const made: MachineIdentity = { id: `m_${randomBytes(16).toString("hex")}`, hostSha256: host };
  const text = `${JSON.stringify(made)}\n`;
  if (createFile(file, text)) return made;
  // Another start may have made it a moment ago; only one that is broken or another host's is replaced.
  const again = machineFile.safeParse(readJson(file));
  if (again.success && again.data.hostSha256 === host) return again.data;
  replaceFile(file, text);
  return made;
}
