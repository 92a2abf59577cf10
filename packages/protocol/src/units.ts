import { z } from "zod";

/** Protocol spoken on the wire. A peer with another number is refused with `protocol_mismatch`. */
export const PROTOCOL_VERSION = 1;

/** Longest transcript line that is parsed; a longer one becomes a `malformed` event. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Longest summary kept in an event; the rest is in the chunk. */
export const MAX_SUMMARY_CHARS = 240;
/** Largest HTTP body either side sends or accepts. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** Largest size that a chunk or a manifest may have once it is decompressed. */
export const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/** Milliseconds since 1970, UTC. Negative never occurs; year 10,000 is the end. */
export const epochMs = z.int().min(0).max(253_402_300_800_000);
/** A size or a position in bytes. */
export const byteCount = z.int().min(0);
export const count = z.int().min(0);
/** A span of time in milliseconds. */
export const durationMs = z.int().min(0);
/** Money: integer nano-dollars (1e-9 USD), exact to nine million dollars. */
export const nanoDollars = z.int().min(0);
/** SHA-256, lower-case hex. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** Text that is shown in one line; cut by the sender. */
export const summary = z.string().max(MAX_SUMMARY_CHARS);
/** A short word from the agent: tool name, line type, model id. Cut by the sender. */
export const word = z.string().max(200);

/** Random id of a machine, made once by its monitor and bound to that host. */
export const machineId = z.string().regex(/^m_[0-9a-f]{32}$/);
/** The agent's own session id: the stem of its main transcript's file name. */
export const sessionId = z.string().min(1).max(200);
/** The agent's own id of a subagent. */
export const subagentId = z.string().min(1).max(200);
export const productId = z.enum(["claude-code"]);
export type Product = z.infer<typeof productId>;

export const role = z.enum(["viewer", "approver", "admin", "monitor"]);
export type Role = z.infer<typeof role>;
