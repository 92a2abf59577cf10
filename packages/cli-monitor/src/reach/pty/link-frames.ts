import { z } from "zod";

/** Longest line on the socket between a monitor and `agentpane run`: a whole screen with its scrollback. */
export const MAX_LINK_LINE_BYTES = 8 * 1024 * 1024;
/** Version of these frames; a monitor of another one passes the run over. */
export const LINK_VERSION = 1;

const size = { cols: z.int().min(1).max(1000), rows: z.int().min(1).max(1000) };

/** From `agentpane run`. Bytes travel as base64. */
export const fromRun = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), version: z.int(), pid: z.int().min(1), ...size }),
  z.object({ type: z.literal("data"), data: z.string() }),
  z.object({ type: z.literal("size"), ...size }),
  /** The screen as drawn, for whoever types words. */
  z.object({
    type: z.literal("look"),
    id: z.int(),
    rows: z.array(z.object({ text: z.string(), solid: z.string() })).max(1000),
    cursor: z.object({ x: z.int(), y: z.int() }),
  }),
  /** The screen as a terminal would have to be told it; what follows as `data` came after it. */
  z.object({ type: z.literal("screen"), id: z.int(), ...size, data: z.string() }),
]);
export type FromRun = z.infer<typeof fromRun>;

/** To `agentpane run`. */
export const toRun = z.discriminatedUnion("type", [
  /** Whether output is wanted: nothing is sent that nobody looks at. */
  z.object({ type: z.literal("watch"), on: z.boolean() }),
  z.object({ type: z.literal("look"), id: z.int() }),
  z.object({ type: z.literal("screen"), id: z.int() }),
  z.object({ type: z.literal("input"), data: z.string() }),
]);
export type ToRun = z.infer<typeof toRun>;
