import { runCommand } from "./command/program.ts";

const code = await runCommand(
  process.argv.slice(2),
  (line) => process.stdout.write(`${line}\n`),
  (line) => process.stderr.write(`${line}\n`),
);
// Whatever still hangs on must not keep a stopped program running; what was printed goes out first.
process.stdout.write("", () => process.exit(code));
