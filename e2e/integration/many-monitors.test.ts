import { Conversation, type Machine, Product, seededRandom, settle, TranscriptWriter, until } from "@agentpane/testkit";
import { describe, expect, it } from "vitest";

const SILENT_MS = 30_000;

interface MachineRow {
  name: string;
  state: "connected" | "silent" | "left";
  sessions: number;
}

describe("many monitors at once", () => {
  it("report for themselves, and the silence of one touches nothing of the others", async () => {
    await using product = new Product("many-monitors");
    await product.startServer();
    const random = seededRandom(5);
    const writer = new TranscriptWriter();
    const shared = random.uuid();
    const machines: Machine[] = [];
    for (const name of ["ant", "bee", "cat"]) {
      const machine = await product.addMachine(name);
      machines.push(machine);
      // One session that all three have (a home that was copied), and one of each machine's own.
      for (const session of [shared, random.uuid()]) {
        const conversation = new Conversation({ random, session });
        const file = writer.create({ root: machine.roots[0] ?? "", project: "-home-dev-shop", session });
        writer.append(file, [...conversation.turn(), ...conversation.turn()]);
      }
      product.startMonitor(machine);
    }
    expect(
      await settle(
        () => writer.journal(),
        () => product.store(),
      ),
    ).toEqual([]);
    const api = await product.api();
    const list = await api.get<{ total: number }>("/api/v1/sessions");
    expect(list.total).toBe(4);
    const detail = await api.get<{ sources: { primary: boolean; machine: { name: string } }[] }>(
      `/api/v1/sessions/${shared}`,
    );
    expect(detail.sources).toHaveLength(3);
    expect(detail.sources.filter((source) => source.primary)).toHaveLength(1);

    const [ant, bee] = machines as [Machine, Machine, Machine];
    await bee.monitor?.kill();
    const states = async (): Promise<Record<string, string>> => {
      const { machines: rows } = await api.get<{ machines: MachineRow[] }>("/api/v1/machines");
      return Object.fromEntries(rows.map((row) => [row.name, row.state]));
    };
    await until("the killed monitor counts as silent", async () => (await states()).bee === "silent", {
      deadlineMs: SILENT_MS + 15_000,
      pollMs: 250,
    });
    expect(await states()).toEqual({ ant: "connected", bee: "silent", cat: "connected" });

    // The others go on meanwhile, and the silent one catches up when it comes back.
    for (const file of writer.files) {
      const conversation = new Conversation({ random, session: file.session });
      writer.append(file, conversation.turn());
    }
    const others = () => {
      const journal = writer.journal();
      const heard = (life: { root: string }): boolean => life.root !== bee.roots[0];
      return { lives: journal.lives.filter(heard), present: journal.present.filter(({ life }) => heard(life)) };
    };
    const without = () => ({ sources: product.store().sources.filter((source) => source.root !== bee.roots[0]) });
    expect(await settle(others, without)).toEqual([]);
    product.startMonitor(bee);
    expect(
      await settle(
        () => writer.journal(),
        () => product.store(),
      ),
    ).toEqual([]);
    expect(await states()).toEqual({ ant: "connected", bee: "connected", cat: "connected" });

    await ant.monitor?.stop();
    await until("the one that stopped said goodbye", async () => (await states()).ant === "left");
  }, 180_000);
});
