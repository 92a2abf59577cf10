import type { LoginAnswer } from "@agentpane/protocol";
import { Observable } from "../observable.ts";
import { ApiError } from "./errors.ts";

const TOKEN_KEY = "agentpane.token";

export type AccessState =
  /** `reason`: why there is no token, where there was one or where a link did not work. */
  | { kind: "signed-out"; reason: null | "refused" | "code_invalid" | "unreachable" }
  | { kind: "signing-in" }
  | { kind: "signed-in"; token: string };

/** Where the token is kept; a browser may refuse storage, then it lives as long as the page. */
export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * Who may look: a token that came from a one-time code in the page's address. No cookies: a cookie of 127.0.0.1 would
 * reach every other port on it.
 */
export class Access extends Observable {
  readonly #storage: TokenStorage;
  #state: AccessState;
  #pendingCode: string | null = null;

  constructor(storage: TokenStorage) {
    super();
    this.#storage = storage;
    const token = read(storage);
    this.#state = token === null ? { kind: "signed-out", reason: null } : { kind: "signed-in", token };
  }

  readonly getSnapshot = (): AccessState => this.#state;

  readonly token = (): string | null => (this.#state.kind === "signed-in" ? this.#state.token : null);

  /** Whether a code waits that could be tried again, because nobody answered. */
  get canRetry(): boolean {
    return this.#pendingCode !== null && this.#state.kind === "signed-out";
  }

  /**
   * Trades `code` for a token. A code that is used up or too old changes nothing where a token already stands: the
   * person opened an old link again.
   */
  async signIn(code: string, login: (code: string) => Promise<LoginAnswer>): Promise<void> {
    const before = this.#state;
    this.#pendingCode = code;
    if (before.kind !== "signed-in") this.#set({ kind: "signing-in" });
    try {
      const { token } = await login(code);
      this.#pendingCode = null;
      write(this.#storage, token);
      this.#set({ kind: "signed-in", token });
    } catch (error) {
      const unreachable = error instanceof ApiError && error.code === "unreachable";
      if (!unreachable) this.#pendingCode = null;
      if (before.kind === "signed-in") this.#set(before);
      else this.#set({ kind: "signed-out", reason: unreachable ? "unreachable" : "code_invalid" });
    }
  }

  async retry(login: (code: string) => Promise<LoginAnswer>): Promise<void> {
    if (this.#pendingCode !== null) await this.signIn(this.#pendingCode, login);
  }

  /** The server does not take the token (any more). `token` is the one that was refused, since another may stand by now. */
  refuse(token: string | null): void {
    if (this.#state.kind !== "signed-in" || (token !== null && token !== this.#state.token)) return;
    this.#storage.removeItem(TOKEN_KEY);
    this.#set({ kind: "signed-out", reason: "refused" });
  }

  /** Another tab signed in or out. */
  adopt(token: string | null): void {
    if (token === this.token()) return;
    this.#set(token === null ? { kind: "signed-out", reason: null } : { kind: "signed-in", token });
  }

  #set(state: AccessState): void {
    this.#state = state;
    this.changed();
  }
}

/** Takes the one-time code out of the address, so that it neither stays in history nor on screen. Null: none there. */
export function takeCode(location: Pick<Location, "hash" | "pathname" | "search">, history: History): string | null {
  if (!location.hash.startsWith("#")) return null;
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code === null) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}

/** Follows the other tabs of this browser; the returned function ends it. */
export function followOtherTabs(access: Access, target: Window): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === TOKEN_KEY || event.key === null) access.adopt(event.key === null ? null : event.newValue);
  };
  target.addEventListener("storage", onStorage);
  return () => target.removeEventListener("storage", onStorage);
}

/** The browser's own storage, or one that forgets where the browser refuses it. */
export function browserStorage(): TokenStorage {
  try {
    localStorage.getItem(TOKEN_KEY);
    return localStorage;
  } catch {
    const values = new Map<string, string>();
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    };
  }
}

function read(storage: TokenStorage): string | null {
  try {
    return storage.getItem(TOKEN_KEY);
  } catch {
    return null;
  }
}

function write(storage: TokenStorage, token: string): void {
  try {
    storage.setItem(TOKEN_KEY, token);
  } catch {
    // A full or forbidden storage: the token lives as long as this page.
  }
}
