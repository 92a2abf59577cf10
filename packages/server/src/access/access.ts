import { AgentPaneError, type LoginAnswer, type Role, type TokenRow } from "@agentpane/protocol";
import type { Reader, TokenIdentity, Writer } from "../store/contract.ts";
import { Bucket } from "./bucket.ts";
import type { Clock } from "./clock.ts";
import { codeRole, isTokenForm, newCode, newTokenId, newTokenSecret, sha256Of } from "./secret.ts";

/** How long a looked-up token is believed. A revocation through this server counts at once. */
export const IDENTITY_CACHE_MS = 2_000;
const MAX_CACHED_IDENTITIES = 1_000;
const LOGIN_CODE_MS = 2 * 60_000;
/** How long a page stays logged in. */
const PAGE_TOKEN_MS = 90 * 24 * 3_600_000;
const TOUCH_EVERY_MS = 60_000;
/** Unknown tokens and codes: so many at once, then so many a second, for all callers together. */
const FAILURES_BURST = 30;
const FAILURES_PER_SECOND = 1;

interface Cached {
  identity: TokenIdentity | null;
  until: number;
}

export interface MintedToken {
  token: string;
  id: string;
  name: string;
  role: Role;
  expiresAt: number | null;
}

export interface AccessOptions {
  reader: Reader;
  writer: Writer;
  clock: Clock;
  /** The secret that this host's own `agentpane` command finds in the data folder; it is an admin while the server runs. */
  control: string;
  onFault(error: unknown): void;
}

const CONTROL_IDENTITY: TokenIdentity = {
  id: "t_control",
  name: "agentpane command",
  role: "admin",
  machine: null,
  expiresAt: null,
};

/** Tokens and one-time codes: made, looked up by hash, revoked. */
export class Access {
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #clock: Clock;
  readonly #control: string;
  readonly #onFault: (error: unknown) => void;
  readonly #cache = new Map<string, Cached>();
  readonly #touched = new Map<string, number>();
  readonly #failures: Bucket;
  readonly #revocations = new Set<(ids: ReadonlySet<string>) => void>();

  constructor(options: AccessOptions) {
    this.#reader = options.reader;
    this.#writer = options.writer;
    this.#clock = options.clock;
    this.#control = sha256Of(options.control);
    this.#onFault = options.onFault;
    this.#failures = new Bucket(options.clock, FAILURES_BURST, FAILURES_PER_SECOND);
  }

  /** Who holds `token`. Throws `unauthenticated`, or `rate_limited` after too many unknown ones. */
  async identify(token: string | undefined): Promise<TokenIdentity> {
    if (token === undefined) throw unauthenticated();
    if (!isTokenForm(token)) throw this.#failed(unauthenticated());
    const sha256 = sha256Of(token);
    const identity = await this.#lookUp(sha256);
    if (identity === null) throw unauthenticated();
    this.#touch(identity.id);
    return identity;
  }

  /** Whether `token` is still good, for sockets that were opened with it. */
  async stillGood(token: string): Promise<boolean> {
    return (await this.#lookUp(sha256Of(token))) !== null;
  }

  /** Names need not be unique; revoking by name then revokes all of that name. */
  async mint(name: string, role: Role, expiresAt: number | null): Promise<MintedToken> {
    const token = newTokenSecret(role);
    const id = newTokenId();
    await this.#writer.addToken({
      id,
      name,
      role,
      secretSha256: sha256Of(token),
      createdAt: this.#clock.now(),
      expiresAt,
    });
    return { token, id, name, role, expiresAt };
  }

  /** Revokes by id or name and tells the live readers at once. Empty where there is no such token. */
  async revoke(idOrName: string): Promise<TokenRow[]> {
    const rows = await this.#writer.revokeToken(idOrName);
    this.#cache.clear();
    const ids = new Set(rows.map((row) => row.id));
    if (ids.size > 0) for (const listener of this.#revocations) listener(ids);
    return rows;
  }

  onRevoked(listener: (ids: ReadonlySet<string>) => void): () => void {
    this.#revocations.add(listener);
    return () => this.#revocations.delete(listener);
  }

  /** What the store knows of tokens changed beside `revoke`, as when a monitor's token was bound to its machine. */
  forget(): void {
    this.#cache.clear();
  }

  async makeCode(role: Exclude<Role, "monitor">): Promise<{ code: string; expiresAt: number }> {
    const code = newCode(role);
    const expiresAt = this.#clock.now() + LOGIN_CODE_MS;
    await this.#writer.addLoginCode({ sha256: sha256Of(code), role, expiresAt });
    return { code, expiresAt };
  }

  /** A token for a code that was never used before. Throws `code_invalid`. */
  async redeem(code: string): Promise<LoginAnswer> {
    if (!this.#failures.open) throw tooManyFailures();
    const role = codeRole(code);
    if (role === null) throw this.#failed(codeInvalid());
    const token = newTokenSecret(role);
    const id = newTokenId();
    const now = this.#clock.now();
    const expiresAt = now + PAGE_TOKEN_MS;
    const name = `page ${id.slice(2, 8)}`;
    const redeemed = await this.#writer.redeemLoginCode(sha256Of(code), {
      id,
      name,
      secretSha256: sha256Of(token),
      createdAt: now,
      expiresAt,
    });
    if (redeemed === null) throw this.#failed(codeInvalid());
    return { token, role: redeemed.role, name, expiresAt };
  }

  async #lookUp(sha256: string): Promise<TokenIdentity | null> {
    if (sha256 === this.#control) return CONTROL_IDENTITY;
    const now = this.#clock.now();
    const cached = this.#cache.get(sha256);
    if (cached !== undefined && cached.until > now) return unexpired(cached.identity, now);
    // Looked up whatever others guessed: a holder whom no cache knows (any more) must never wait for a guesser.
    const identity = await this.#reader.tokenBySecret(sha256);
    if (identity === null && this.#failures.take(1) !== 0) throw tooManyFailures();
    if (this.#cache.size >= MAX_CACHED_IDENTITIES) this.#cache.clear();
    this.#cache.set(sha256, { identity, until: now + IDENTITY_CACHE_MS });
    return unexpired(identity, now);
  }

  #failed(error: AgentPaneError): AgentPaneError {
    return this.#failures.take(1) === 0 ? error : tooManyFailures();
  }

  #touch(id: string): void {
    if (id === CONTROL_IDENTITY.id) return;
    const now = this.#clock.now();
    if (now - (this.#touched.get(id) ?? Number.NEGATIVE_INFINITY) < TOUCH_EVERY_MS) return;
    if (this.#touched.size >= MAX_CACHED_IDENTITIES) this.#touched.clear();
    this.#touched.set(id, now);
    this.#writer.touchToken(id).catch(this.#onFault);
  }
}

function unexpired(identity: TokenIdentity | null, now: number): TokenIdentity | null {
  return identity?.expiresAt != null && identity.expiresAt <= now ? null : identity;
}

function unauthenticated(): AgentPaneError {
  return new AgentPaneError(
    "unauthenticated",
    "This needs a valid token. Open a fresh link: agentpane link; or make a token: agentpane tokens add NAME --role viewer",
  );
}

function codeInvalid(): AgentPaneError {
  return new AgentPaneError("code_invalid", "This link was used or has expired. Make a fresh one: agentpane link");
}

function tooManyFailures(): AgentPaneError {
  return new AgentPaneError("rate_limited", "Too many unknown tokens or codes. Wait a moment.", {
    retryAfterSeconds: Math.ceil(1 / FAILURES_PER_SECOND),
  });
}
