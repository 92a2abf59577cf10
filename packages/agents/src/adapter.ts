import type {
  Decision,
  EventContent,
  LineContext,
  Product,
  RegistryStatus,
  RequestKind,
  RequestSuggestion,
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

/** A thing that only a person can settle, as the agent's hook brings it. */
export interface HookRequest {
  session: string;
  subagent: string | null;
  subagentType: string | null;
  kind: RequestKind;
  tool: string;
  /** The tool's input in the agent's own characters. */
  inputJson: string;
  /** SHA-256 of the input in its canonical form, by which inputs are compared. */
  inputSha256: string;
  suggestions: RequestSuggestion[];
  cwd: string | null;
  permissionMode: string | null;
  /** The session's own transcript, also for a subagent's request. */
  transcriptPath: string | null;
}

/** A request, or why it is none that can be held. */
export type HookReading =
  | { request: HookRequest }
  | { reason: "not_json" | "not_a_request" | "input_too_large" | "input_too_deep" };

/** What a transcript line says that matters to an open request. */
export type HookSign =
  | { kind: "call"; id: string; tool: string; inputSha256: string }
  /** `by`: whoever settled whether the call may run. */
  | { kind: "result"; id: string; by: "person" | "hook" | "config"; denied: boolean }
  /** Where the agent keeps the plan that it will ask about. */
  | { kind: "plan"; path: string };

/** The hook as it stands in the agent's settings. */
export type HookEntry =
  | { type: "http"; url: string; headers: Record<string, string>; timeout: number }
  | { type: "command"; command: string; timeout: number };

/** `changed`: ours, but not as it was put there, more than once, or with hooks switched off altogether. */
export type HookState = "installed" | "absent" | "changed";

/** How the agent asks a person through a hook, and is answered. */
export interface HookFormat {
  /** The settings file, relative to the config folder. */
  readonly settingsFile: string;
  /** Where plans stand, relative to the config folder. */
  readonly planFolder: string;
  /** Says nothing: the agent's own dialog stands. */
  readonly noAnswer: string;
  readRequest(body: string): HookReading;
  /** The answer to the hook, as JSON text. Throws `invalid_request` where the decision does not fit the request. */
  answer(request: HookRequest, decision: Decision): string;
  signs(line: Buffer): HookSign[];
  /** Of the file beside a subagent's transcript. */
  isBackground(meta: Buffer): boolean;
  /** Puts our hook into the settings, or brings it up to date; `null` is no file. Throws `settings_invalid`. */
  install(settings: string | null, entry: HookEntry): string;
  /**
   * Takes every hook of ours out. `before` is what stood there before the installation, which comes back to the byte where
   * nothing else changed since; null where that is not known. Throws `settings_invalid`.
   */
  uninstall(settings: string, before: string | null): string;
  /** Throws `settings_invalid`. */
  state(settings: string | null, entry: HookEntry | null): HookState;
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
  /** The `n`th image of the event with `index`, from 0, as base64; null where there is none, or it was not kept. */
  lineImage(kept: Buffer, offset: number, index: number, n: number): { mediaType: string; base64: string } | null;
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
  /** How it asks a person. */
  readonly hook: HookFormat;
}
