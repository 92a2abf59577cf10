import type { AuditEntry, RequestRow } from "@agentpane/protocol";
import { AgentHook, type ApiAnswer, decideOn, type HookCall, type Machine, Product, until } from "@agentpane/testkit";
import { expect, test, vi } from "vitest";

// Whole products are started, stopped and killed here.
vi.setConfig({ testTimeout: 120_000 });

interface Stage extends AsyncDisposable {
  product: Product;
  machine: Machine;
  hook: AgentHook;
  /** Asks in a session of its own, and waits until that is held. */
  held(session: string): Promise<{ call: HookCall; row: RequestRow }>;
  row(id: string): Promise<RequestRow>;
  audit(): Promise<AuditEntry[]>;
  deny(row: RequestRow, words: string): Promise<ApiAnswer>;
}

async function stage(): Promise<Stage> {
  const product = new Product("requests-killed");
  await product.startServer();
  const machine = await product.addMachine("laptop");
  product.startMonitor(machine);
  const api = await product.api();
  const hook = await AgentHook.of(machine);
  return {
    product,
    machine,
    hook,
    async held(session) {
      hook.session(session);
      const ask = () => hook.call(hook.body(session, { command: `echo ${session}` }));
      let call = ask();
      const row = await until("it is held", async () => {
        const { requests } = await api.get<{ requests: RequestRow[] }>("/api/v1/requests?state=open");
        const found = requests.find((one) => one.session === session && one.reachable);
        // While no channel stood it was left to the agent's own dialog.
        if (found === undefined && (await Promise.race([call.answer, null])) === "{}") call = ask();
        return found ?? null;
      });
      return { call, row };
    },
    row: (id) => api.get<RequestRow>(`/api/v1/requests/${id}`),
    audit: async () => (await api.get<{ entries: AuditEntry[] }>("/api/v1/audit?limit=500")).entries,
    deny(row, words) {
      return decideOn(api, row, { type: "deny", words, stop: false });
    },
    async [Symbol.asyncDispose]() {
      hook[Symbol.dispose]();
      await product[Symbol.asyncDispose]();
    },
  };
}

test("a server that is killed while requests are held loses none, and takes the next", async () => {
  await using at = await stage();
  const first = await at.held("one");
  await at.product.server?.kill();
  await at.product.startServer();
  const second = await at.held("two");
  await until("the first can be settled", async () => (await at.row(first.row.id)).reachable);
  for (const { call, row } of [first, second]) {
    expect((await at.deny(row, `no ${row.session}`)).status).toBe(200);
    expect(await call.answer).toContain(`"message":"no ${row.session}"`);
  }
});

test("a server that is killed while a decision is on its way: agent, store and audit agree on what became of it", async () => {
  await using at = await stage();
  const { call, row } = await at.held("one");
  const pid = at.machine.monitor?.pid ?? 0;
  process.kill(pid, "SIGSTOP");
  const broken = at.deny(row, "first").catch(() => null);
  await until("it is claimed", async () => (await at.audit()).some(({ action }) => action === "decision"));
  await at.product.server?.kill();
  expect(await broken).toBeNull();
  process.kill(pid, "SIGCONT");
  await at.product.startServer();
  const again = await until("its fate is known", async () => {
    const { state } = await at.row(row.id);
    const told = (await at.audit()).find(({ action }) => action === "decision.result");
    return told === undefined ? null : { state, taken: (told.details as { taken: boolean }).taken };
  });
  // Whether the monitor still read it depends on the system; never may one side say yes and the other no.
  if (!again.taken) expect((await at.deny(row, "second")).status).toBe(200);
  const words = again.taken ? "first" : "second";
  expect(await call.answer).toContain(`"message":"${words}"`);
  await until("it is settled", async () => (await at.row(row.id)).state === "decided");
  const taken = (await at.audit()).filter(
    ({ action, details }) => action === "decision.result" && (details as { taken: boolean }).taken,
  );
  expect(taken).toHaveLength(1);
});

test("a monitor that is killed while a request is held leaves the agent at its own dialog, and nobody can settle it any more", async () => {
  await using at = await stage();
  const { call, row } = await at.held("one");
  await at.machine.monitor?.kill();
  // Its connection is closed, with nothing said.
  expect(await call.answer.catch(() => "")).toBe("");
  await until("it cannot be reached", async () => !(await at.row(row.id)).reachable);
  expect((await at.deny(row, "no")).status).toBe(503);
  at.product.startMonitor(at.machine);
  await until("it is withdrawn", async () => (await at.row(row.id)).state === "withdrawn");
});
