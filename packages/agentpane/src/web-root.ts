import { existsSync } from "node:fs";
import { join } from "node:path";

/** The built dashboard: beside the published bundle, or where a checkout builds it. */
export function webRoot(): string {
  const packed = join(import.meta.dirname, "web");
  return existsSync(packed) ? packed : join(import.meta.dirname, "..", "..", "web", "dist");
}
