import type { SessionRow } from "@agentpane/protocol";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { meQuery } from "../../api/queries.ts";
import { part } from "../../parts.ts";
import { useServices } from "../../services.ts";
import { texts } from "../../texts.ts";
import { useActions } from "../../ui/keys.ts";

const DeleteDialog = lazy(part(() => import("./delete-dialog.tsx")));

/** Deleting the open session, for those whose token may: asked for in its header or by name. */
export function useDeletion(
  openId: string | null,
  rowOf: (id: string) => SessionRow | undefined,
  onDeleted: () => void,
): { ask: (() => void) | null; dialog: ReactNode } {
  const { api } = useServices();
  const { data: me } = useQuery(meQuery(api));
  const [asked, setAsked] = useState<SessionRow | null>(null);
  const [open, setOpen] = useState(false);
  const row = openId === null ? undefined : rowOf(openId);
  const may = me?.role === "admin" && openId !== null && row !== undefined;
  const askOpen = useCallback(() => {
    const known = openId === null ? undefined : rowOf(openId);
    if (known === undefined) return;
    setAsked(known);
    setOpen(true);
  }, [openId, rowOf]);
  const ask = may ? askOpen : null;
  useActions(ask === null ? [] : [{ id: "delete-session", label: texts.sessions.deleteThis, run: ask }]);
  const dialog = asked !== null && (
    <Suspense>
      <DeleteDialog row={asked} open={open} onOpenChange={setOpen} onDeleted={onDeleted} />
    </Suspense>
  );
  return { ask, dialog };
}
