import {
  Conversation,
  crlfLine,
  invalidUtf8Line,
  largeLine,
  ODD_LINES,
  Product,
  seededRandom,
  settle,
  TranscriptWriter,
} from "@agentpane/testkit";
import { describe, expect, it } from "vitest";

const MIB = 1024 * 1024;

interface Detail {
  malformed: number;
  unknownLines: number;
  unknownTypes: Record<string, number>;
}
interface Page {
  events: { kind: string; summary?: string; reason?: string; content?: { text?: string }; contentError?: string }[];
}

describe("a transcript with lines that no reader should meet", () => {
  it("loses none of them, names each, and goes on with what follows", async () => {
    await using product = new Product("odd-lines");
    await product.startServer();
    const machine = await product.addMachine("machine");
    const random = seededRandom(3);
    const writer = new TranscriptWriter();
    const session = random.uuid();
    const conversation = new Conversation({ random, session });
    const file = writer.create({ root: machine.roots[0] ?? "", project: "-home-dev-shop", session });
    writer.append(file, [conversation.prompt("first words")]);
    for (const make of ODD_LINES) writer.append(file, [make(random, session), conversation.text()]);
    writer.append(file, [
      largeLine(random, session, 20 * MIB),
      conversation.text("after the line of 20 MB"),
      largeLine(random, session, 12 * MIB, true),
      conversation.text("after the line of 12 MB"),
      conversation.image(3 * MIB),
      conversation.image(200_000),
      crlfLine(random, session),
      invalidUtf8Line(random, session),
    ]);
    product.startMonitor(machine);
    writer.append(file, [conversation.text("last words")]);
    writer.appendTail(file, Buffer.from(`{"type":"user","torn`));
    expect(
      await settle(
        () => writer.journal(),
        () => product.store(),
      ),
    ).toEqual([]);

    // What was torn becomes whole.
    writer.appendTail(file, Buffer.from(`":1}\n`));
    writer.append(file, [conversation.text("after the torn line")]);
    expect(
      await settle(
        () => writer.journal(),
        () => product.store(),
      ),
    ).toEqual([]);

    const api = await product.api();
    const detail = await api.get<Detail>(`/api/v1/sessions/${session}`);
    const made = file.life.lines.filter((line) => line.kinds.includes("malformed")).length;
    expect(made).toBeGreaterThan(4);
    expect(detail.malformed).toBeGreaterThanOrEqual(made);
    expect(Object.keys(detail.unknownTypes).join()).toMatch(/-of-tomorrow/);
    const tail = await api.get<Page>(`/api/v1/sessions/${session}/events?before=end&limit=40&view=full`);
    const said = tail.events.map((event) => event.content?.text ?? "");
    for (const words of ["after the line of 20 MB", "after the line of 12 MB", "last words", "after the torn line"]) {
      expect(said, words).toContain(words);
    }
    expect(tail.events.filter((event) => event.contentError !== undefined)).toEqual([]);
    const tooLong = tail.events.find((event) => event.kind === "malformed" && /longer than/.test(event.reason ?? ""));
    expect(tooLong).toBeDefined();
  });
});
