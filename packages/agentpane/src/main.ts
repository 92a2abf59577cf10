import { keepCompiledCode } from "./compile-cache.ts";

keepCompiledCode(process.env);
const [command, ...rest] = process.argv.slice(2);
const scans = command === "usage" && rest.some((arg) => arg === "--scan" || arg.startsWith("--scan="));
const code = scans
  ? await (await import("./scan.ts")).run(rest)
  : command === "run"
    ? await (await import("./commands/run.ts")).run(rest)
    : await (await import("./cli.ts")).run(process.argv.slice(2));
// Whatever still hangs on must not keep a stopped program running; what was printed goes out first.
process.stdout.write("", () => process.exit(code));
