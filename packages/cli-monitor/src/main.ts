import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import path from "node:path";
import { processSurroundings, stateFolder } from "./state/state-folder.ts";

// Compiled code is kept in the state folder, where nobody else may write, once there is one: it halves the time to start.
const state = stateFolder(processSurroundings());
if (existsSync(state)) enableCompileCache(path.join(state, "compiled"));
const { runCommand } = await import("./command/program.ts");

const code = await runCommand(
  process.argv.slice(2),
  (line) => process.stdout.write(`${line}\n`),
  (line) => process.stderr.write(`${line}\n`),
);
// Whatever still hangs on must not keep a stopped program running; what was printed goes out first.
process.stdout.write("", () => process.exit(code));
