import type {
  EventContent,
  LineContext,
  Product,
  RegistryStatus,
  SubagentMeta,
  TranscriptEvent,
  UsageCopy,
} from "@agentpane/protocol";

/** What one transcript line gives. Pure: the same bytes at the same offset always give the same. */
export interface LineReading {
  events: TranscriptEvent[];
  copies: UsageCopy[];
  context: LineContext | null;
  /** The fast path did not know the line's shape, and it was parsed whole. */
  slow: boolean;
  /** The line's type, where the format reference does not name it. */
  unknownType: string | null;
}

/** Which conversation a file belongs to. */
export interface TranscriptName {
  session: string;
  subagent: string | null;
}

/** What a live process of the agent says of itself. Times are of its host's clock. */
export interface RegistryEntry {
  pid: number;
  session: string;
  /** Start of the process in the system's own unit; "" where the agent does not say. */
  procStart: string;
  /** Where `pid` counts, as Linux writes it (`pid:[4026531836]`); null where the agent does not say. */
  pidNamespace: string | null;
  /** Null where the agent says none, or one that is not known here. */
  status: RegistryStatus | null;
  waitingFor: string | null;
  /** When `status` began. */
  statusAt: number | null;
  startedAt: number | null;
  /** When the agent last changed anything in it. */
  writtenAt: number | null;
  kind: string | null;
  entrypoint: string | null;
  agentVersion: string | null;
  name: string | null;
}

/** One product's formats: memoryless, without I/O. Offsets are byte positions in the transcript. */
export interface Adapter {
  readonly product: Product;
  /** Raised when the same line may give other events; the server then offers a rebuild from its chunks. */
  readonly version: number;
  /** Reads one complete line, without its newline. Never throws: what cannot be read is a `malformed` event. */
  readLine(line: Buffer, offset: number): LineReading;
  /** The bytes of a line that are worth keeping; null where the line is plumbing, `line` itself where all of it is. */
  keep(line: Buffer): Buffer | null;
  /** The whole content of the events that `readLine` gives for the line `keep` kept, by their `index`. */
  lineContent(kept: Buffer, offset: number): Map<number, EventContent>;
  /** `path` is relative to the config folder, with forward slashes; null for files that are not transcripts. */
  transcriptName(path: string): TranscriptName | null;
  /** Whether `path` holds facts about the subagent of the same name, and of which one. */
  subagentMetaName(path: string): TranscriptName | null;
  /** Null where the file does not parse (it is replaced atomically, but older clients wrote it in place). */
  readSubagentMeta(bytes: Buffer): SubagentMeta | null;
  /** The process that a file of the live registry is about; null for every other path. */
  registryName(path: string): number | null;
  /** Null where the bytes are no whole entry: it may be on its way, so read it again. */
  readRegistry(bytes: Buffer): RegistryEntry | null;
}
