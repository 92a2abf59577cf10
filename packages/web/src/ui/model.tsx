import { formatModel } from "./format.ts";
import { plainWords } from "./safe-text.ts";
import { Words } from "./text.tsx";

/** A model by its short name; the whole id on hovering. */
export function Model({ id }: { id: string }) {
  return (
    <span title={plainWords(id)}>
      <Words>{formatModel(id)}</Words>
    </span>
  );
}
