import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useCallback, useMemo, useRef, useState } from "react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { PHONE, useMedia } from "../../ui/use-media.ts";
import { Split, useSideBySide } from "../frame/split.tsx";
import { keepCollapsed, readCollapsed } from "./collapsed.ts";
import { emptyState } from "./empty-state.ts";
import { FirstRun } from "./first-run.tsx";
import { flatten, type Group } from "./groups.ts";
import { DESK_HEIGHTS, layOut, PHONE_HEIGHTS } from "./layout.ts";
import { List, type ListHandle } from "./list.tsx";
import { ListEnd } from "./list-end.tsx";
import { SessionNavigation } from "./navigation.ts";
import { NoMatch } from "./no-match.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useDeletion } from "./use-deletion.tsx";
import { useListFilter } from "./use-list-filter.ts";
import { useListKeys } from "./use-list-keys.ts";
import { useOlder } from "./use-older.ts";
import { useSessionList } from "./use-session-list.ts";
import "./sessions.css";

/** The list, and beside it the open session. A narrow window holds one of the two. */
export function SessionsPage() {
  const navigate = useNavigate();
  const openId = useParams({ strict: false }).sessionId ?? null;
  const split = useSideBySide();
  const filter = useListFilter();
  const [strays, setStrays] = useState(false);
  const [cursorId, setCursorId] = useState<string | null>(null);
  const [collapsed, toggle] = useCollapsed();
  const list = useSessionList(filter.filter, strays);
  const heights = useMedia(PHONE) ? PHONE_HEIGHTS : DESK_HEIGHTS;
  const layout = useMemo(() => layOut(list.shown, heights, collapsed), [list.shown, heights, collapsed]);
  const order = useMemo(() => layout.boxes.flatMap((box) => box.ids), [layout]);
  const matches = useMemo(() => flatten(list.next).length, [list.next]);
  const handle = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const listHidden = openId !== null && !split;
  const older = useOlder(filter.settled);
  const empty = useLive((live) => emptyState(live));

  const open = useCallback(
    (id: string) => void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } }),
    [navigate],
  );
  const onOpen = useCallback(
    (id: string, event: React.MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      setCursorId(id);
      open(id);
    },
    [open],
  );
  const close = useCallback(() => {
    void navigate({ to: "/" }).then(() => {
      // Back to where it came from; the list may just have come into sight again.
      if (openId !== null) requestAnimationFrame(() => handle.current?.focusRow(openId));
    });
  }, [navigate, openId]);
  const moveTo = useListKeys({ order, openId, cursorId, listHidden, filter, field, handle, open, close, setCursorId });

  const deletion = useDeletion(openId, list.rowOf, () => {
    // The row beside it, so that the keys go on from there.
    const index = openId === null ? -1 : order.indexOf(openId);
    const next = order[index + 1] ?? order[index - 1];
    void navigate({ to: "/" }).then(() => requestAnimationFrame(() => moveTo(next)));
  });

  const { ask: askDelete } = deletion;
  const navigation = useMemo(
    () => ({ order, close, askDelete, openSession: open, position: openId === null ? -1 : order.indexOf(openId) }),
    [order, close, askDelete, open, openId],
  );
  // A folded group is no sign that its older sessions are wanted.
  const onNearEnd = collapsed.has("ended") && !filter.active ? nothing : older.onNearEnd;

  return (
    <SessionNavigation value={navigation}>
      <Split
        open={openId !== null}
        panel={<Outlet />}
        list={
          <section
            aria-label={texts.sessions.title}
            className={clsx("flex min-h-0 min-w-0 flex-col", listHidden && "hidden")}
          >
            {empty !== null && openId === null ? (
              <FirstRun state={empty} />
            ) : (
              <>
                <h1 className="sr-only">{texts.sessions.title}</h1>
                <Toolbar
                  list={filter}
                  waiting={list.waiting}
                  onRelease={list.hold.release}
                  matches={matches}
                  total={older.total}
                  complete={older.complete}
                  fieldRef={field}
                  onLeave={() => moveTo(order[0])}
                />
                <List
                  ref={handle}
                  list={list}
                  layout={layout}
                  onToggle={toggle}
                  openId={openId}
                  cursorId={cursorId !== null && order.includes(cursorId) ? cursorId : null}
                  onOpen={onOpen}
                  onReview={open}
                  onCursor={setCursorId}
                  onNearEnd={onNearEnd}
                >
                  {matches === 0 && filter.active && (
                    <NoMatch
                      filter={filter.filter}
                      looking={older.state === "loading"}
                      onRemove={(key) => filter.set({ [key]: undefined })}
                      onClear={filter.clear}
                    />
                  )}
                  <ListEnd
                    older={older}
                    onLoad={older.load}
                    strays={strays}
                    onStrays={setStrays}
                    total={filter.active ? null : older.total}
                  />
                </List>
              </>
            )}
          </section>
        }
      />
      {deletion.dialog}
    </SessionNavigation>
  );
}

function nothing(): void {}

function useCollapsed(): [ReadonlySet<Group>, (group: Group) => void] {
  const [collapsed, setCollapsed] = useState(readCollapsed);
  const toggle = useCallback((group: Group) => {
    setCollapsed((before) => {
      const after = new Set(before);
      if (!after.delete(group)) after.add(group);
      keepCollapsed(after);
      return after;
    });
  }, []);
  return [collapsed, toggle];
}
