export type { Adapter, LineReading, RegistryEntry, TranscriptName } from "./adapter.ts";
export { adapters } from "./adapters.ts";
export { claudeCode } from "./claude-code/index.ts";
