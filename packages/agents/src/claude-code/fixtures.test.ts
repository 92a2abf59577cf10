import { describe, expect, it } from "vitest";
import { fixtureLines, fixturePath, lineLabel, MADE, REAL } from "./fixture-lines.ts";
import { claudeCode } from "./index.ts";
import { isPlumbing } from "./plumbing.ts";
import { readLine, readParsed, readSkimmed } from "./read-line.ts";

const MAX_SLOW_SHARE = 0.01;

/** Everything that a folder's lines give, one line of text for each event and copy, with the files as headings. */
function told(folder: string): string {
  const out: string[] = [];
  let file = "";
  for (const line of fixtureLines(folder)) {
    if (line.file !== file) {
      file = line.file;
      out.push(`# ${file}`);
    }
    const { events, copies, unknownType } = claudeCode.readLine(line.bytes, line.offset);
    for (const { kind, at, offset, index, ...rest } of events)
      out.push(`${offset}.${index} ${at ?? "-"} ${kind} ${JSON.stringify(rest)}`);
    for (const { offset, index, at, ...rest } of copies)
      out.push(`${offset}.${index} ${at ?? "-"} copy ${JSON.stringify(rest)}`);
    if (unknownType) out.push(`${line.offset} unknown ${unknownType}`);
  }
  return `${out.join("\n")}\n`;
}

describe.each([REAL, MADE])("the transcripts of %s", (folder) => {
  const lines = fixtureLines(folder);

  it("give the events and copies that were reviewed", async () => {
    await expect(told(folder)).toMatchFileSnapshot(fixturePath("expected", `${folder}.txt`));
  });

  it("are read the fast way, but for one line in a hundred at most", () => {
    const slow = lines.filter((line) => readLine(line.bytes, line.offset).slow);
    expect(lines.length).toBeGreaterThan(50);
    expect(slow.length / lines.length).toBeLessThanOrEqual(MAX_SLOW_SHARE);
  });

  it("read the same both ways", () => {
    for (const { bytes, offset } of lines) {
      if (isPlumbing(bytes)) continue;
      expect(readSkimmed(bytes, offset)).toEqual({ ...readParsed(bytes, offset), slow: false });
    }
  });

  it("read the same once they were kept", () => {
    for (const { bytes, offset } of lines) {
      const kept = claudeCode.keep(bytes);
      const reading = claudeCode.readLine(bytes, offset);
      if (kept) expect(claudeCode.readLine(kept, offset)).toEqual(reading);
      else expect([reading.events, reading.copies]).toEqual([[], []]);
    }
  });

  it("name no type that the reference does not", () => {
    expect(lines.filter((line) => readLine(line.bytes, line.offset).unknownType !== null)).toEqual([]);
  });

  it("have a name each that is a transcript's", () => {
    for (const { file } of lines) expect(claudeCode.transcriptName(file), file).not.toBeNull();
  });
});

describe("plumbing", () => {
  it("is exactly the requests to the model and the snapshots of its prompt", () => {
    const plumbing = new Set<string>();
    const others = new Set<string>();
    for (const { bytes } of fixtureLines(REAL)) (isPlumbing(bytes) ? plumbing : others).add(lineLabel(bytes));
    expect([...plumbing].sort()).toEqual([
      "api-request",
      "api-request-blob",
      "api-request-shape",
      "attachment/prompt_snapshot",
    ]);
    expect([...others].filter((label) => plumbing.has(label))).toEqual([]);
  });
});
