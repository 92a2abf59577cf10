import { z } from "zod";
import { HOOK_ACTIONS, hookAskId, hooksReport } from "./hooks.ts";
import { inputId, inputReport, MAX_INPUT_CHARS, reach, terminalDown, terminalUp } from "./reach.ts";
import { agentRequest, decision, decisionId, MAX_HELD_REQUESTS, requestClosing, requestId } from "./request.ts";
import { count, epochMs, machineId, sessionId, sha256Hex, word } from "./units.ts";
import { holdPrintProject, MAX_HOLD_PRINT_PROJECTS } from "./usage.ts";

/** A channel lost for this long makes its machine's presence unknown; the transcript speaks again. */
export const CHANNEL_LOST_MS = 30_000;

/** What the agent's own registry says that a session does. */
export const registryStatus = z.enum(["busy", "shell", "idle", "waiting"]);
export type RegistryStatus = z.infer<typeof registryStatus>;

/**
 * `alive`: the process exists and began when the registry says.
 * `dead`: this monitor saw it alive, in its own boot and pid namespace, and now it is gone.
 * `moved`: the process lives on with another session (/clear).
 * `unproven`: a registry file of a process that this monitor never saw: a container's, another host's, a dead boot's.
 */
export const processLife = z.enum(["alive", "dead", "moved", "unproven"]);
export type ProcessLife = z.infer<typeof processLife>;

/** One session's process, from the agent's registry and the process table. Times are of the monitor's clock. */
export const presence = z.object({
  root: z.string().min(1).max(4096),
  session: sessionId,
  pid: z.int().min(1),
  /** Start of the process in the system's own unit, as the registry has it; with the pid it names a process. */
  procStart: z.string().max(64),
  life: processLife,
  /** When `life` was last decided anew. */
  lifeAt: epochMs,
  /** Null where the agent says none: a `-p` run. */
  status: registryStatus.nullable(),
  waitingFor: word.nullable(),
  statusAt: epochMs.nullable(),
  startedAt: epochMs.nullable(),
  kind: word.nullable(),
  entrypoint: word.nullable(),
  agentVersion: word.nullable(),
  name: z.string().max(300).nullable(),
  /** Absent from older monitors, which reach nothing. */
  reach: reach.optional(),
});
export type Presence = z.infer<typeof presence>;

export const MAX_PRESENCES = 2000;

/** From the monitor. `hello` is the first frame and comes within 5 s. */
export const channelMonitorFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    token: z.string().max(200),
    protocol: z.int(),
    machine: machineId,
    bootId: z.string().min(1).max(64),
  }),
  z.object({
    type: z.literal("presence"),
    bootId: z.string().min(1).max(64),
    /** Counts from 1 in each boot; a frame that is not newer than the last is dropped. */
    seq: count,
    /** The monitor's clock when it sent this: the server takes the difference off every time in it. */
    now: epochMs,
    /** The whole set, which replaces what was known of this machine; the first frame of every connection is. */
    full: z.boolean(),
    presences: z.array(presence).max(MAX_PRESENCES),
    /** Processes that are no longer worth telling, by session; only where `full` is false. */
    gone: z.array(z.object({ session: sessionId, pid: z.int().min(1) })).max(MAX_PRESENCES),
  }),
  /** A request that is held. After an opening every held one comes again; one that is known already changes only its `toolUseId`. */
  z.object({ type: z.literal("request.open"), now: epochMs, request: agentRequest }),
  /** A request that was let go; those of the last ten minutes come again after an opening. */
  z.object({
    type: z.literal("request.closed"),
    now: epochMs,
    id: requestId,
    closing: requestClosing,
    /** The decision that closed it. */
    decision: decisionId.nullable(),
  }),
  /** After an opening, behind the frames above: all that are held. Others of this machine that stand open are withdrawn. */
  z.object({ type: z.literal("request.held"), now: epochMs, ids: z.array(requestId).max(MAX_HELD_REQUESTS) }),
  /** What became of a decision: null where the hook took it, else an error of the registry. */
  z.object({
    type: z.literal("decision.result"),
    now: epochMs,
    decision: decisionId,
    request: requestId,
    error: z.object({ code: word, message: z.string().max(1000) }).nullable(),
  }),
  /** Answers `hooks.ask`; exactly one of `report` and `error` is there. */
  z.object({
    type: z.literal("hooks.answer"),
    now: epochMs,
    ask: hookAskId,
    report: hooksReport.nullable(),
    error: z.object({ code: word, message: z.string().max(1000) }).nullable(),
  }),
  z.object({ type: z.literal("input.report"), now: epochMs, report: inputReport }),
  ...terminalDown,
]);
export type ChannelMonitorFrame = z.infer<typeof channelMonitorFrame>;

/** From the server. */
export const channelServerFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), now: epochMs }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string() }),
  z.object({
    type: z.literal("decide"),
    decisionId,
    request: requestId,
    decision,
    digest: sha256Hex,
    /** Name of the token that decided. */
    by: z.string().max(200),
  }),
  /** What of the server's settings concerns the monitor; told at the opening and at each change. */
  z.object({ type: z.literal("options"), holdPrintProjects: z.array(holdPrintProject).max(MAX_HOLD_PRINT_PROJECTS) }),
  /** Asks how the hook stands, or to change it first; answered with `hooks.answer`. */
  z.object({ type: z.literal("hooks.ask"), ask: hookAskId, action: z.enum(["status", ...HOOK_ACTIONS]) }),
  /** Whether a page of somebody who may approve was connected in the last minute; told at the opening and at each change. */
  z.object({ type: z.literal("approvers"), present: z.boolean() }),
  z.object({ type: z.literal("input"), input: inputId, session: sessionId, text: z.string().max(MAX_INPUT_CHARS) }),
  /** Ends the turn, as Escape does; answered with an `input.report`. */
  z.object({ type: z.literal("interrupt"), input: inputId, session: sessionId }),
  ...terminalUp.map((frame) => frame.extend({ by: z.string().max(200) })),
]);
export type ChannelServerFrame = z.infer<typeof channelServerFrame>;
