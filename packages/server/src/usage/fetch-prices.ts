import { AgentPaneError } from "@agentpane/protocol";

const FETCH_TIMEOUT_MS = 20_000;
/** The library's own file has one megabyte. */
const MAX_PRICE_BYTES = 16 * 1024 * 1024;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Price data from `url`, or from the price library's own update address. `prices_unreachable` where nothing comes,
 * `prices_invalid` where it is not of the library's form.
 */
export async function fetchPrices(url: string | undefined): Promise<{ url: string; models: unknown[] }> {
  // Loaded when somebody asks for it: it brings all of the price library's data.
  const { parsePriceData, priceDataUrl } = await import("@agentpane/usage");
  const address = url ?? (await priceDataUrl());
  requireSafe(address);
  const text = await read(address);
  try {
    return { url: address, models: parsePriceData(text) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentPaneError("prices_invalid", `${address} gave no price data: ${why}. The old prices stay.`, {
      cause,
    });
  }
}

/** Whoever stands between could otherwise set prices at will. */
function requireSafe(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname))) return;
  throw new AgentPaneError("invalid_request", "The address must be https, or http on this host.");
}

async function read(address: string): Promise<string> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: "error" });
    if (!answer.ok) throw new Error(`it answers with status ${answer.status}`);
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of answer.body ?? []) {
      bytes += piece.byteLength;
      if (bytes > MAX_PRICE_BYTES) throw new Error(`it is larger than ${MAX_PRICE_BYTES} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentPaneError("prices_unreachable", `${address} cannot be read: ${why}. The old prices stay.`, {
      cause,
    });
  }
}
