import type { HookFile, HooksBody, HooksReport } from "@agentpane/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hooksQuery, meQuery } from "../../api/queries.ts";
import { useServices } from "../../services.ts";

export interface Hooks {
  /** Null while it is not known whether this page may ask. */
  isAdmin: boolean | null;
  report: HooksReport | null;
  /** Why there is no report, or why the change was not made. */
  problem: string | null;
  changing: boolean;
  /** What was last done from here. */
  done: HooksBody["action"] | null;
  change(action: HooksBody["action"]): void;
  again(): void;
}

/** How the hook stands on a machine. Only who may change it is told: the settings are the person's own. */
export function useHooks(machine: string): Hooks {
  const { api } = useServices();
  const queries = useQueryClient();
  const role = useQuery(meQuery(api)).data?.role ?? null;
  const query = hooksQuery(api, machine);
  const { data, error, refetch } = useQuery({ ...query, enabled: role === "admin" });
  const [acting, setActing] = useState<{ changing: boolean; problem: string | null; done: Hooks["done"] }>({
    changing: false,
    problem: null,
    done: null,
  });
  const change = async (action: HooksBody["action"]): Promise<void> => {
    setActing({ changing: true, problem: null, done: null });
    try {
      queries.setQueryData(query.queryKey, await api.changeHooks(machine, action));
      setActing({ changing: false, problem: null, done: action });
    } catch (failure) {
      setActing({ changing: false, problem: (failure as Error).message, done: null });
    }
  };
  return {
    isAdmin: role === null ? null : role === "admin",
    report: data ?? null,
    problem: acting.problem ?? (data === undefined ? (error?.message ?? null) : null),
    changing: acting.changing,
    done: acting.done,
    change: (action) => {
      if (!acting.changing) void change(action);
    },
    again: () => void refetch(),
  };
}

/** Files that installing would change. */
export function toInstall({ files }: HooksReport): HookFile[] {
  return files.filter(({ diff }) => diff?.action === "install");
}
