import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useImperativeHandle, useRef } from "react";
import { GroupHeader } from "./group-header.tsx";
import type { Group } from "./groups.ts";
import { indexOfRow, itemAt, type Layout } from "./layout.ts";
import { Row } from "./row.tsx";
import type { SessionList } from "./use-session-list.ts";

/** Rows kept in the page above and below what is seen. */
const OVERSCAN_ROWS = 8;
/** This close to the end, older sessions are asked for. */
const NEAR_END_ROWS = 20;
/** Frames to wait for a row that was scrolled to until it can take the focus. */
const MAX_FOCUS_FRAMES = 20;

export interface ListHandle {
  /** Scrolls the row into view and gives it the focus. */
  focusRow(id: string): void;
}

export interface ListProps {
  list: SessionList;
  layout: Layout;
  onToggle(group: Group): void;
  /** The open session. */
  openId: string | null;
  /** The row that the keys stand on. */
  cursorId: string | null;
  onOpen(id: string, event: React.MouseEvent): void;
  /** Opens a session without a click on its row. */
  onReview(id: string): void;
  onCursor(id: string): void;
  onNearEnd(): void;
  ref: React.Ref<ListHandle>;
  /** What stands after the last row. */
  children: React.ReactNode;
}

/** The groups and their rows. Only what is near the window is in the page, however many sessions there are. */
export function List(props: ListProps) {
  const { list, layout, openId, cursorId, onNearEnd } = props;
  const { heights } = layout;
  const scroller = useRef<HTMLDivElement>(null);
  // The same functions as long as the layout is the same: each new one has all places computed anew, ten thousand of them.
  const sizeAt = useCallback(
    (index: number) => (itemAt(layout, index)?.id === null ? heights.header : heights.row),
    [layout, heights],
  );
  const keyOf = useCallback((index: number) => keyAt(layout, index), [layout]);
  const virtualizer = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: sizeAt,
    getItemKey: keyOf,
    overscan: OVERSCAN_ROWS,
    scrollPaddingStart: heights.header,
  });

  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (layout.count > 0 && lastIndex >= layout.count - NEAR_END_ROWS) onNearEnd();
  }, [lastIndex, layout.count, onNearEnd]);

  useImperativeHandle(
    props.ref,
    () => ({
      focusRow(id) {
        const index = indexOfRow(layout, id);
        if (index < 0) return;
        virtualizer.scrollToIndex(index, { align: "auto" });
        focusWhenThere(scroller.current, id);
      },
    }),
    [layout, virtualizer],
  );

  const cursor = cursorId ?? openId ?? layout.boxes.find((box) => box.ids.length > 0)?.ids[0] ?? null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches whether somebody points at its rows
    <div
      ref={scroller}
      data-list
      className="scroll rows relative min-h-0 flex-1"
      onPointerMove={(event) => event.pointerType === "mouse" && list.hold.touch("pointer")}
      onPointerLeave={() => list.hold.leave("pointer")}
      onPointerDown={() => list.hold.touch("pointer")}
      onPointerUp={(event) => event.pointerType !== "mouse" && list.hold.leave("pointer")}
      onPointerCancel={() => list.hold.leave("pointer")}
      onFocus={(event) => {
        list.hold.touch("focus");
        const id = rowIdOf(event.target);
        if (id !== null) props.onCursor(id);
      }}
      onBlur={() => list.hold.leave("focus")}
    >
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {layout.boxes.map((box) => {
          const rows = items.filter((item) => item.index > box.index && item.index <= box.index + box.ids.length);
          const onPage = rows.length > 0 || items.some((item) => item.index === box.index);
          if (!onPage) return null;
          return (
            <section
              key={box.group}
              aria-labelledby={`group-${box.group}`}
              className="absolute inset-x-0"
              style={{ top: box.top, height: box.height }}
            >
              <GroupHeader
                group={box.group}
                count={list.next[box.group].length}
                collapsed={box.collapsed}
                onToggle={props.onToggle}
              />
              <ul>
                {rows.map((item) => {
                  const position = item.index - box.index - 1;
                  const id = box.ids[position];
                  const row = id === undefined ? undefined : list.rowOf(id);
                  if (id === undefined || row === undefined) return null;
                  return (
                    <Row
                      key={id}
                      row={row}
                      top={item.start - box.top}
                      open={id === openId}
                      tabbable={id === cursor}
                      position={position + 1}
                      size={box.ids.length}
                      onOpen={props.onOpen}
                      onReview={props.onReview}
                    />
                  );
                })}
              </ul>
            </section>
          );
        })}
      </div>
      {props.children}
    </div>
  );
}

function keyAt(layout: Layout, index: number): string {
  const item = itemAt(layout, index);
  if (item === null) return `none-${index}`;
  return item.id === null ? `group-${item.box.group}` : item.id;
}

function rowIdOf(target: EventTarget): string | null {
  return target instanceof HTMLElement
    ? (target.closest<HTMLElement>("[data-session]")?.dataset.session ?? null)
    : null;
}

function focusWhenThere(scroller: HTMLElement | null, id: string, frames = 0): void {
  const row = scroller?.querySelector<HTMLElement>(`[data-session="${CSS.escape(id)}"]`);
  if (row !== null && row !== undefined) row.focus({ preventScroll: true });
  else if (frames < MAX_FOCUS_FRAMES) requestAnimationFrame(() => focusWhenThere(scroller, id, frames + 1));
}
