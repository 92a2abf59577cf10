import { z } from "zod";
import { epochMs, sessionId } from "./units.ts";

/** Longest text that is typed for a person at once, in characters. */
export const MAX_INPUT_CHARS = 100_000;
/** Terminal bytes in one frame, before base64. */
export const MAX_TERMINAL_CHUNK_BYTES = 64 * 1024;

/** `pty`: it runs under `agentpane run`. `tmux`: it sits in a pane. `none`: no words can be sent, `reason` says why and what to do. */
export const REACH_KINDS = ["pty", "tmux", "none"] as const;
export const reach = z.object({
  kind: z.enum(REACH_KINDS),
  /** For a person: "it runs in a plain terminal; start it with `agentpane run`". Null where it can be reached. */
  reason: z.string().max(500).nullable(),
});
export type Reach = z.infer<typeof reach>;

export const inputId = z.string().regex(/^i_[0-9a-f]{32}$/);

/**
 * What became of words that a person sent. `sent`: typed and entered. `queued`: the same, the agent is busy and takes it later.
 * `taken`: its line is in the transcript. `not_seen`: entered, but no line of it after 5 s. `not_sent`: nothing was entered,
 * `reason` says why.
 */
export const INPUT_STATES = ["sent", "queued", "taken", "not_seen", "not_sent"] as const;
export const inputState = z.enum(INPUT_STATES);
export type InputState = z.infer<typeof inputState>;

export const inputReport = z.object({
  id: inputId,
  session: sessionId,
  state: inputState,
  reason: z.string().max(500).nullable(),
  at: epochMs,
});
export type InputReport = z.infer<typeof inputReport>;

/** `POST /sessions/:id/input`; answered with an `inputReport`, later states come over the feed. */
export const inputBody = z.object({ text: z.string().min(1).max(MAX_INPUT_CHARS) });
export type InputBody = z.infer<typeof inputBody>;

export const terminalId = z.string().regex(/^t_[0-9a-f]{32}$/);
const base64 = z.string().max(Math.ceil(MAX_TERMINAL_CHUNK_BYTES / 3) * 4);

/** What goes between a page and the terminal of a session that runs under `agentpane run`; the same on `/live` and on the channel. */
export const terminalUp = [
  z.object({ type: z.literal("terminal.open"), terminal: terminalId, session: sessionId }),
  /** Keys and pastes of a person; refused unless this terminal is the writer. */
  z.object({ type: z.literal("terminal.input"), terminal: terminalId, data: base64 }),
  /** Asks to be the one writer; `take` from whoever is. */
  z.object({ type: z.literal("terminal.claim"), terminal: terminalId, take: z.boolean() }),
  z.object({ type: z.literal("terminal.close"), terminal: terminalId }),
] as const;
export const terminalDown = [
  /** The screen as it is, then what follows; also after a resize of the person's own terminal, which alone decides the size. */
  z.object({
    type: z.literal("terminal.screen"),
    terminal: terminalId,
    cols: z.int().min(1).max(1000),
    rows: z.int().min(1).max(1000),
    data: base64,
  }),
  z.object({ type: z.literal("terminal.data"), terminal: terminalId, data: base64 }),
  /** Who types now: null is the person at the terminal alone. `mine`: this one. */
  z.object({
    type: z.literal("terminal.writer"),
    terminal: terminalId,
    name: z.string().max(200).nullable(),
    mine: z.boolean(),
  }),
  z.object({ type: z.literal("terminal.closed"), terminal: terminalId, reason: z.string().max(500) }),
] as const;
/** From the server alone: what a page wanted to do with this terminal was not done. The socket and the token are good all the same. */
export const terminalRefused = z.object({
  type: z.literal("terminal.refused"),
  terminal: terminalId,
  code: z.string().max(100),
  message: z.string().max(500),
});
