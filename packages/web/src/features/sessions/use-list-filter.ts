import type { SessionFilter } from "@agentpane/protocol";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { NO_FILTER } from "../../search.ts";
import { filterOf, partsOf } from "./filter.ts";

/** Typed words get into the address this long after the last key: browsers limit how often it may change. */
const TYPED_MS = 250;

export interface ListFilter {
  /** What the list shows now. */
  filter: SessionFilter;
  /** What the address says, which is what the server is asked for: typed words come to it a moment later. */
  settled: SessionFilter;
  /** Whether anything is narrowed. */
  active: boolean;
  words: string;
  type(words: string): void;
  /** Sets parts of it; undefined takes one away. */
  set(change: Partial<SessionFilter>): void;
  /** Sets all of it. */
  replace(filter: SessionFilter): void;
  clear(): void;
}

/** What the list is narrowed by. It lives in the address, so that it can be kept, sent and gone back to. */
export function useListFilter(): ListFilter {
  const { project, branch, machine, status, model, q } = useSearch({ strict: false });
  const navigate = useNavigate();
  const settled = useMemo(
    () => filterOf({ project, branch, machine, status, model, q }),
    [project, branch, machine, status, model, q],
  );
  const [typed, setTyped] = useState<string | null>(null);
  const words = typed ?? settled.q ?? "";

  const go = useCallback(
    (change: Partial<Record<keyof SessionFilter, string | undefined>>, replace: boolean) =>
      void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace }),
    [navigate],
  );
  useEffect(() => {
    if (typed === null) return;
    if (typed === (settled.q ?? "")) return setTyped(null);
    const id = setTimeout(() => go({ q: typed === "" ? undefined : typed }, true), TYPED_MS);
    return () => clearTimeout(id);
  }, [typed, settled.q, go]);

  const set = useCallback(
    (change: Partial<SessionFilter>) => {
      if ("q" in change) setTyped(null);
      go(change, false);
    },
    [go],
  );
  const replace = useCallback(
    (filter: SessionFilter) => {
      setTyped(null);
      go({ ...NO_FILTER, ...filter }, false);
    },
    [go],
  );
  const clear = useCallback(() => replace({}), [replace]);
  const filter = useMemo(() => {
    const { q: _, ...rest } = settled;
    return words === "" ? rest : { ...rest, q: words };
  }, [settled, words]);
  return { filter, settled, active: partsOf(filter).length > 0, words, type: setTyped, set, replace, clear };
}
