export { buildApp } from "./app.ts";
export type { HttpDeps, Log } from "./deps.ts";
