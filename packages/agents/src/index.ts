export type { Adapter, LineReading, TranscriptName } from "./adapter.ts";
