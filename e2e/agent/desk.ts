import type { Decision, RequestRow, RequestsPage } from "@agentpane/protocol";
import { type ApiAnswer, type ApiClient, decideOn, until } from "@agentpane/testkit";

/** A person's side of requests, over the API as the page uses it. */
export class Desk {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async all(state?: string): Promise<RequestRow[]> {
    const query = state === undefined ? "" : `?state=${state}`;
    return (await this.#api.get<RequestsPage>(`/api/v1/requests${query}`)).requests;
  }

  /** Waits for an open request of which `matches` holds. */
  async open(matches: (row: RequestRow) => boolean = () => true, deadlineMs = 30_000): Promise<RequestRow> {
    let last: RequestRow[] = [];
    return await until(
      "a request is open",
      async () => {
        last = await this.all();
        return last.find((row) => row.state === "open" && row.reachable && matches(row)) ?? null;
      },
      { deadlineMs, pollMs: 20, describe: () => last },
    );
  }

  /** Waits until the request is closed and says how. */
  async closed({ id }: RequestRow, deadlineMs = 30_000): Promise<RequestRow> {
    let last: RequestRow | null = null;
    return await until(
      `request ${id} is closed`,
      async () => {
        last = await this.#api.get<RequestRow>(`/api/v1/requests/${id}`);
        return last.state === "open" ? null : last;
      },
      { deadlineMs, pollMs: 20, describe: () => last },
    );
  }

  /** Settles it under a digest of what the API showed. */
  async decide(row: RequestRow, decision: Decision): Promise<ApiAnswer> {
    const whole = await this.#api.get<RequestRow>(`/api/v1/requests/${row.id}`);
    return await decideOn(this.#api, whole, decision);
  }

  /** The same, and it must be taken. */
  async settle(row: RequestRow, decision: Decision): Promise<RequestRow> {
    const answer = await this.decide(row, decision);
    if (answer.status !== 200) throw new Error(`the decision was not taken: ${JSON.stringify(answer.body)}`);
    return (answer.body as { request: RequestRow }).request;
  }
}
