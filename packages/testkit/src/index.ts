export { AgentHook, type Asked, type HookCall } from "./agent/agent-hook.ts";
export {
  type ClientOptions,
  clientEnvironment,
  prepareRoot,
  RealClient,
  type RegistryFile,
} from "./agent/real-client.ts";
export { checkStore } from "./checker/check.ts";
export type { Journal, JournaledLife, JournaledLine, PresentFile } from "./checker/journal.ts";
export type { StoredEvent, StoredGeneration, StoredRange, StoredSource, StoreView } from "./checker/store-view.ts";
export { type ApiAnswer, ApiClient, errorCode } from "./harness/api-client.ts";
export { Child, ChildEnded } from "./harness/child.ts";
export { decideOn } from "./harness/decide.ts";
export { canonicalDump } from "./harness/dump.ts";
export { LiveClient, type LiveFrame } from "./harness/live-client.ts";
export { type Machine, Product, type ProductOptions, REPOSITORY, type Role } from "./harness/product.ts";
export { settle } from "./harness/quiesce.ts";
export { rawBytes, rawRequest } from "./harness/raw-http.ts";
export { ingestBody, promptSegment, type SegmentOptions, WireMonitor, type WireSegment } from "./harness/wire.ts";
export { Storm } from "./journal/storm.ts";
export { TranscriptWriter, transcriptPath, type WrittenFile } from "./journal/transcript-writer.ts";
export { type AgentVersion, Conversation } from "./lines/conversation.ts";
export { jsonLine, type MadeLine, rawLine } from "./lines/made-line.ts";
export { crlfLine, invalidUtf8Line, largeLine, ODD_LINES, oddLine } from "./lines/odd.ts";
export { type Block, ModelApi } from "./model-api/model-api.ts";
export { chooseSeed, type Random, seededRandom } from "./random.ts";
export { type TempFolder, tempFolder } from "./temp.ts";
export { until } from "./until.ts";
