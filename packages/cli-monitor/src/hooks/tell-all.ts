import { setTimeout as delay } from "node:timers/promises";
import { type AgentRequest, MAX_HELD_REQUESTS } from "@agentpane/protocol";
import type { ChannelLine, PartFrame } from "../uplink/channel-frames.ts";

/** Bytes that may wait in the socket before more is told. */
const MAX_UNSENT_BYTES = 2 * 1024 * 1024;
const DRAIN_POLL_MS = 10;

export interface Standing {
  open: () => readonly AgentRequest[];
  isOpen: (id: string) => boolean;
  closed: () => readonly Extract<PartFrame, { type: "request.closed" }>[];
  now: () => number;
}

/** Tells a server that has just taken us on what stands, no faster than it reads. What changes meanwhile is told by itself. */
export async function tellAll(channel: ChannelLine, signal: AbortSignal, standing: Standing): Promise<void> {
  const { now } = standing;
  for (const request of standing.open()) {
    while (channel.unsentBytes > MAX_UNSENT_BYTES && !signal.aborted) await delay(DRAIN_POLL_MS);
    if (signal.aborted) return;
    if (standing.isOpen(request.id)) channel.send({ type: "request.open", now: now(), request });
  }
  for (const frame of standing.closed()) channel.send(frame);
  const ids = standing.open().map(({ id }) => id);
  channel.send({ type: "request.held", now: now(), ids: ids.slice(0, MAX_HELD_REQUESTS) });
}
