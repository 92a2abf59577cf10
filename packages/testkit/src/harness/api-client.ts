/** An answer of the API as it came, so that tests can judge refusals too. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** A caller with one token; asserts nothing by itself. */
export class ApiClient {
  readonly origin: string;
  readonly token: string;

  constructor(origin: string, token: string) {
    this.origin = origin;
    this.token = token;
  }

  async call(
    method: string,
    path: string,
    options: { body?: unknown; raw?: Uint8Array; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer> {
    const headers: Record<string, string> = { ...options.headers };
    if (this.token !== "") headers.authorization ??= `Bearer ${this.token}`;
    let body: string | Uint8Array<ArrayBuffer> | null = null;
    if (options.raw !== undefined) body = new Uint8Array(options.raw);
    if (options.body !== undefined) {
      body = JSON.stringify(options.body);
      headers["content-type"] ??= "application/json";
    }
    const answer = await fetch(this.origin + path, { method, headers, body, redirect: "manual" });
    const text = await answer.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not every answer is JSON: pages, files and streams are not.
    }
    return { status: answer.status, headers: answer.headers, body: parsed };
  }

  /** The JSON of a call that must succeed. */
  async get<T>(path: string): Promise<T> {
    const answer = await this.call("GET", path);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
}

/** `error.code` of a refusal, or what came instead. */
export function errorCode(answer: ApiAnswer): string {
  const body = answer.body as { error?: { code?: string } } | null;
  return body?.error?.code ?? `${answer.status} without a code`;
}
