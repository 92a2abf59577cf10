export { run } from "./cli.ts";
export { VERSION } from "./version.ts";
