import { formatCount } from "../ui/format.ts";

/** `count` with its noun, and the noun's plural where it is not just an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
