import { Conversation, type Machine, Product, seededRandom, settle, TranscriptWriter } from "@agentpane/testkit";
import { describe, expect, it } from "vitest";

const [HERE, THERE, ELSEWHERE] = ["-home-dev-shop", "-home-dev-shop--claude-worktrees-wt1", "-home-dev-api"] as const;

describe("a transcript that moves between project folders", () => {
  it("stays one source, and what was rewritten on the way is stored once, however often it comes back", async () => {
    await using product = new Product("moves");
    await product.startServer();
    const machine = await product.addMachine("machine");
    const random = seededRandom(1);
    const writer = new TranscriptWriter();
    const session = random.uuid();
    const conversation = new Conversation({ random, session });
    const file = writer.create({ root: machine.roots[0] ?? "", project: HERE, session });
    const problems = async (): Promise<string[]> =>
      await settle(
        () => writer.journal(),
        () => product.store(),
      );
    writer.append(file, conversation.turn());
    product.startMonitor(machine);
    expect(await problems(), "as it was found").toEqual([]);

    writer.move(file, THERE);
    writer.append(file, conversation.turn());
    expect(await problems(), "moved while watched").toEqual([]);
    expect(product.store().sources).toHaveLength(1);

    for (const [project, watched] of [
      [ELSEWHERE, false],
      [THERE, true],
      [ELSEWHERE, true],
      [HERE, false],
      [THERE, false],
    ] as const) {
      if (!watched) await machine.monitor?.stop();
      if (project === ELSEWHERE) writer.rewrite(file, 0, conversation.turn(), "rename");
      writer.move(file, project);
      if (!watched) product.startMonitor(machine);
      expect(await problems(), `moved to ${project} ${watched ? "while watched" : "unseen"}`).toEqual([]);
    }
    await restart(product, machine);
    writer.append(file, conversation.turn());
    expect(await problems(), "after another start").toEqual([]);
  });
});

async function restart(product: Product, machine: Machine): Promise<void> {
  await machine.monitor?.kill();
  product.startMonitor(machine);
}
