import { useInfiniteQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useCallback, useMemo, useRef, useState } from "react";
import { olderSessionsQuery } from "../../api/queries.ts";
import { useLive, useLiveStore } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { useKeys } from "../../ui/keys.ts";
import { SPLIT, useMedia } from "../../ui/use-media.ts";
import { emptyState } from "./empty-state.ts";
import { FirstRun } from "./first-run.tsx";
import { flatten } from "./groups.ts";
import { List, type ListHandle } from "./list.tsx";
import { ListEnd } from "./list-end.tsx";
import { SessionNavigation } from "./navigation.ts";
import { Toolbar } from "./toolbar.tsx";
import { useSessionList } from "./use-session-list.ts";
import "./sessions.css";

/** The list, and beside it the open session. A narrow window holds one of the two. */
export function SessionsPage() {
  const _store = useLiveStore();
  const navigate = useNavigate();
  const openId = useParams({ strict: false }).sessionId ?? null;
  const split = useMedia(SPLIT);
  const [filter, setFilter] = useState("");
  const [cursorId, setCursorId] = useState<string | null>(null);
  const list = useSessionList(filter);
  const order = useMemo(() => flatten(list.shown), [list.shown]);
  const handle = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const listHidden = openId !== null && !split;
  const older = useOlder(filter);
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

  const neighbour = (from: string | null, step: 1 | -1): string | null => {
    const index = from === null ? -1 : order.indexOf(from);
    if (index < 0) return (step > 0 ? order[0] : order.at(-1)) ?? null;
    return order[index + step] ?? null;
  };
  const moveTo = (id: string | null | undefined) => {
    if (id === null || id === undefined) return;
    setCursorId(id);
    handle.current?.focusRow(id);
  };
  const move = (step: 1 | -1) => {
    if (listHidden) return false;
    const focused = document.activeElement?.closest<HTMLElement>("[data-session]")?.dataset.session;
    if (focused === undefined && openId === null && cursorId === null) return moveTo(order[0]);
    const from = focused ?? openId ?? cursorId;
    moveTo(neighbour(from, step) ?? from);
  };
  const openNeighbour = (step: 1 | -1) => {
    if (openId === null) return false;
    const id = neighbour(openId, step);
    if (id !== null) open(id);
  };
  /** Arrows scroll where the focus is in a transcript; elsewhere they move in the list. */
  const arrow = (step: 1 | -1) => (event: KeyboardEvent) =>
    event.target instanceof Element && event.target.closest("[data-scrolls]") !== null ? false : move(step);

  const openCursor = (event: KeyboardEvent) => {
    if (event.target !== document.body || cursorId === null) return false;
    open(cursorId);
  };
  const toFilter = () => {
    if (listHidden || field.current === null) return false;
    field.current.focus();
    field.current.select();
  };
  const closeNearest = () => {
    if (document.activeElement === field.current) {
      if (filter === "") field.current?.blur();
      else setFilter("");
    } else if (openId !== null) close();
    else if (filter !== "") setFilter("");
    else return false;
  };

  useKeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
    ["ArrowDown", arrow(1)],
    ["ArrowUp", arrow(-1)],
    ["Home", (event) => (inList(event) ? moveTo(order[0]) : false)],
    ["End", (event) => (inList(event) ? moveTo(order.at(-1)) : false)],
    ["Enter", openCursor],
    ["/", toFilter],
    ["[", () => openNeighbour(-1)],
    ["]", () => openNeighbour(1)],
    ["Escape", closeNearest],
  ]);

  const navigation = useMemo(
    () => ({ order, close, openSession: open, position: openId === null ? -1 : order.indexOf(openId) }),
    [order, close, open, openId],
  );

  return (
    <SessionNavigation value={navigation}>
      <div
        className={clsx(
          "grid min-h-0 flex-1",
          openId === null ? "grid-cols-1" : "grid-cols-1 split:grid-cols-[minmax(0,784fr)_minmax(520px,652fr)]",
        )}
      >
        <section
          aria-label={texts.sessions.title}
          className={clsx(
            "flex min-h-0 min-w-0 flex-col",
            openId !== null && "split:border-line split:border-r",
            listHidden && "hidden",
          )}
        >
          {empty !== null && openId === null ? (
            <FirstRun state={empty} />
          ) : (
            <>
              <h1 className="sr-only">{texts.sessions.title}</h1>
              <Toolbar
                filter={filter}
                onFilter={setFilter}
                waiting={list.waiting}
                onRelease={list.hold.release}
                matches={order.length}
                fieldRef={field}
                onLeave={() => moveTo(order[0])}
              />
              <List
                ref={handle}
                list={list}
                openId={openId}
                cursorId={cursorId !== null && order.includes(cursorId) ? cursorId : null}
                wide={openId === null}
                onOpen={onOpen}
                onCursor={setCursorId}
                onNearEnd={older.onNearEnd}
              >
                {order.length === 0 && filter !== "" && (
                  <div className="flex flex-col items-center gap-3 px-4 py-12 text-center text-fg-2">
                    {texts.sessions.noMatch(filter)}
                    <Button onClick={() => setFilter("")}>{texts.sessions.clearFilter}</Button>
                  </div>
                )}
                <ListEnd state={older.state} onLoad={older.load} />
              </List>
            </>
          )}
        </section>
        <Outlet />
      </div>
    </SessionNavigation>
  );
}

function inList(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest("[data-session]") !== null;
}

/** Older sessions over HTTP: asked for when the end of the list comes near, unless a filter hides what is there. */
function useOlder(filter: string) {
  const { api } = useServices();
  const store = useLiveStore();
  const [wanted, setWanted] = useState(false);
  const missing = useLive((live) => live.sessions.size < live.total);
  const query = useInfiniteQuery(olderSessionsQuery(api, store, wanted));
  const { fetchNextPage, hasNextPage, isFetching, isError, data } = query;
  const load = useCallback(() => {
    if (!wanted) setWanted(true);
    else if (!isFetching && (hasNextPage || isError)) void fetchNextPage();
  }, [wanted, isFetching, hasNextPage, isError, fetchNextPage]);
  const onNearEnd = useCallback(() => {
    if (missing && filter.trim() === "" && !isError) load();
  }, [missing, filter, isError, load]);
  const state: "idle" | "loading" | "failed" | "done" = isFetching
    ? "loading"
    : isError
      ? "failed"
      : data !== undefined && !hasNextPage
        ? "done"
        : "idle";
  return { state, load, onNearEnd };
}
