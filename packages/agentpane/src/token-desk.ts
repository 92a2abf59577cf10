import { setTimeout as delay } from "node:timers/promises";
import {
  AgentPaneError,
  type NewTokenAnswer,
  newTokenAnswer,
  type Role,
  type TokenRow,
  tokensPage,
} from "@agentpane/protocol";
import { openStoreAccess } from "@agentpane/server";
import { findServer, type RunningServer } from "./running-server.ts";
import type { Settings } from "./settings.ts";

/** A server that starts holds the store before it can be asked; it gets this long. */
const STARTING_MS = 8_000;
const POLL_MS = 100;

/** Where tokens are made and revoked, whether a server runs or not. */
export interface TokenDesk {
  add(name: string, role: Role, expiresAt: number | null): Promise<NewTokenAnswer>;
  list(): Promise<TokenRow[]>;
  /** The tokens that were valid until now. */
  revoke(idOrName: string): Promise<TokenRow[]>;
}

/**
 * Asks the running server where there is one, since it holds the store; opens the store (making it if need be) where
 * there is none. The store's lock decides between the two, so neither can surprise the other.
 */
export async function atTokenDesk<Result>(
  settings: Settings,
  work: (desk: TokenDesk) => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + STARTING_MS;
  for (;;) {
    const server = findServer({ ...settings, portGiven: false });
    try {
      if (server !== null) return await work(serverDesk(server));
      await using store = await openStoreAccess(settings.dataDir);
      return await work(store);
    } catch (error) {
      const starting = error instanceof AgentPaneError && STARTING_CODES.has(error.code);
      if (!starting || Date.now() > deadline) throw error;
    }
    await delay(POLL_MS);
  }
}
const STARTING_CODES: ReadonlySet<string> = new Set(["store_locked", "server_unreachable", "not_ready"]);

function serverDesk(server: RunningServer): TokenDesk {
  return {
    add: async (name, role, expiresAt) =>
      newTokenAnswer.parse(await server.call("POST", "/tokens", { name, role, expiresAt })),
    list: async () => tokensPage.parse(await server.call("GET", "/tokens")).tokens,
    revoke: async (idOrName) => {
      try {
        return tokensPage.parse(await server.call("DELETE", `/tokens/${encodeURIComponent(idOrName)}`)).tokens;
      } catch (error) {
        if (error instanceof AgentPaneError && error.code === "not_found") return [];
        throw error;
      }
    },
  };
}
