import type { Role, TokenRow } from "@agentpane/protocol";
import { Access, type MintedToken, newTokenSecret, systemClock } from "./access/index.ts";

/** Tokens of a store on which no server runs. Holds the store's lock until it is disposed. */
export interface StoreAccess extends AsyncDisposable {
  add(name: string, role: Role, expiresAt: number | null): Promise<MintedToken>;
  list(): Promise<TokenRow[]>;
  revoke(idOrName: string): Promise<TokenRow[]>;
}

/** Makes the store where there is none. Rejects with `store_locked` where a server runs on it. */
export async function openStoreAccess(dataDir: string): Promise<StoreAccess> {
  const { openEngine } = await import("./engine.ts");
  const clock = systemClock;
  const failures: unknown[] = [];
  const engine = await openEngine({ dataDir, clock: () => clock.now(), onFault: (error) => failures.push(error) });
  const access = new Access({
    ...engine,
    reader: engine.reader,
    writer: engine.writer,
    clock,
    control: newTokenSecret("admin"),
    onFault: (error) => failures.push(error),
  });
  return {
    add: (name, role, expiresAt) => access.mint(name, role, expiresAt),
    list: () => engine.reader.tokens(),
    revoke: (idOrName) => access.revoke(idOrName),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
