import { keepCompiledCode } from "./compile-cache.ts";

keepCompiledCode(process.env);
const { run } = await import("./cli.ts");
const code = await run(process.argv.slice(2));
// Whatever still hangs on must not keep a stopped program running; what was printed goes out first.
process.stdout.write("", () => process.exit(code));
