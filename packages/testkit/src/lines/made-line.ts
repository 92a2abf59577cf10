/**
 * A transcript line made for a test, without its newline, with what a right reader must make of it.
 * Nothing here comes from the product: the expectations are written down from the format reference.
 */
export interface MadeLine {
  bytes: Buffer;
  /**
   * What the store keeps of the line: all of it, nothing (plumbing), or a shorter stand-in (an image over 1 MiB).
   * `any`: the line may be kept or not, but what is kept must be these bytes.
   */
  kept: "whole" | "dropped" | "replaced" | "any";
  /** Kinds of events that the line must give, each exactly once; it may give others. */
  kinds: readonly string[];
  /** Kinds that the line may not give. */
  never?: readonly string[];
  /** Usage copies the line must give; null where it does not matter. */
  usage: { key: string; outputTokens: number }[] | null;
}

export function jsonLine(
  value: unknown,
  expected: Partial<Omit<MadeLine, "bytes">> & { kinds: readonly string[] },
): MadeLine {
  return { bytes: Buffer.from(JSON.stringify(value)), kept: "whole", usage: [], ...expected };
}

export function rawLine(bytes: string | Buffer, expected: Partial<Omit<MadeLine, "bytes">>): MadeLine {
  const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return { bytes: buffer, kept: "any", kinds: [], usage: [], ...expected };
}
