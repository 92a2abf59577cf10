import { fromHook } from "./test-cases-hook.ts";
import { fromProcesses } from "./test-cases-processes.ts";
import { fromRegistry } from "./test-cases-registry.ts";
import { fromTranscript } from "./test-cases-transcript.ts";
import type { StatusCase } from "./test-status-case.ts";

/** Every row of docs/status.md, in its order. */
export const STATUS_CASES: readonly StatusCase[] = [...fromHook, ...fromTranscript, ...fromRegistry, ...fromProcesses];
