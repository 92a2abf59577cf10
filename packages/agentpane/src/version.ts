import { readFileSync } from "node:fs";

/** Put in when the package is built; in a checkout it is what package.json says. */
export const VERSION: string =
  process.env.AGENTPANE_VERSION ??
  (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
