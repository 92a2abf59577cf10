export type {
  Adapter,
  HookEntry,
  HookFormat,
  HookReading,
  HookRequest,
  HookSign,
  HookState,
  LineReading,
  RegistryEntry,
  TranscriptName,
} from "./adapter.ts";
export { adapters } from "./adapters.ts";
export { claudeCode } from "./claude-code/index.ts";
