import { isPlumbing } from "./plumbing.ts";

export function keep(line: Buffer): Buffer | null {
  return isPlumbing(line) ? null : line;
}
