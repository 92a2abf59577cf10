import { hash } from "node:crypto";
import { canonicalJson } from "@agentpane/protocol";

/** What two equal inputs have in common, whatever order their keys came in; null where one is nested too deep. */
export function inputHash(input: unknown): string | null {
  try {
    return hash("sha256", canonicalJson(input), "hex");
  } catch {
    return null;
  }
}
