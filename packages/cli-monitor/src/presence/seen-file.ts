import { presence } from "@agentpane/protocol";
import { z } from "zod";
import { readJson, replaceFile } from "../state/state-folder.ts";
import { type Known, type KnownPresences, keyOf } from "./decide.ts";
import type { ProcessDomain } from "./process-table.ts";

const seenFile = z.object({
  boot: z.string(),
  pidNamespace: z.string().nullable(),
  seen: z.array(presence.extend({ fileGoneAt: z.number().nullable() })),
});

/** The processes that a run of this monitor saw alive, so that the next one may say that they died. */
export class SeenFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Empty where nothing was noted, or in another boot or pid namespace: those ids are of other processes now. */
  read({ boot, pidNamespace }: ProcessDomain): KnownPresences {
    const noted = seenFile.safeParse(readJson(this.#path));
    if (!noted.success || noted.data.boot !== boot || noted.data.pidNamespace !== pidNamespace) return new Map();
    return new Map(noted.data.seen.map((known): [string, Known] => [keyOf(known), known]));
  }

  /** Fails where the file cannot be written. */
  write({ boot, pidNamespace }: ProcessDomain, known: KnownPresences): void {
    const seen = [...known.values()].filter(({ life }) => life !== "unproven");
    replaceFile(this.#path, `${JSON.stringify({ boot, pidNamespace, seen })}\n`);
  }
}
