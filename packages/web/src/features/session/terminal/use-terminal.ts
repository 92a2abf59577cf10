import { useCallback, useEffect, useRef, useState } from "react";
import type { OpenTerminal } from "../../../live/terminals.ts";
import { useLiveStore } from "../../../live/use-live.ts";
import { DrawnTerminal, type Piece } from "./drawn-terminal.ts";

export interface ShownTerminal {
  rows: readonly (readonly Piece[])[];
  cols: number;
  /** Who types besides the person at the terminal. */
  writer: { name: string | null; mine: boolean };
  /** Why it is no longer shown; null while it is. */
  closed: string | null;
  /** Why what was typed last did not reach it; null where it did. */
  refused: string | null;
  drawn: DrawnTerminal | null;
  type(text: string): void;
  claim(take: boolean): void;
  openAgain(): void;
}

/** The session's terminal as it is, drawn at most once for each frame of the page. */
export function useTerminal(session: string): ShownTerminal {
  const store = useLiveStore();
  const [attempt, setAttempt] = useState(0);
  const [rows, setRows] = useState<Piece[][]>([]);
  const [writer, setWriter] = useState<ShownTerminal["writer"]>({ name: null, mine: false });
  const [closed, setClosed] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<DrawnTerminal | null>(null);
  const open = useRef<OpenTerminal | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens another terminal
  useEffect(() => {
    const terminal = new DrawnTerminal();
    setDrawn(terminal);
    setClosed(null);
    setRefused(null);
    let frame: number | null = null;
    const draw = () => {
      frame ??= requestAnimationFrame(() => {
        frame = null;
        setRows(terminal.rows());
      });
    };
    open.current = store.terminals.open(session, {
      onScreen: (cols, lines, data) => terminal.screen(cols, lines, data, draw),
      onData: (data) => terminal.write(data, draw),
      onWriter: (who) => {
        setRefused(null);
        setWriter(who);
      },
      onRefused: setRefused,
      onClosed: (reason) => {
        setWriter({ name: null, mine: false });
        setClosed(reason);
      },
    });
    return () => {
      open.current?.close();
      open.current = null;
      if (frame !== null) cancelAnimationFrame(frame);
      terminal.dispose();
    };
  }, [store, session, attempt]);
  return {
    rows,
    cols: drawn?.size.cols ?? 80,
    writer,
    closed,
    refused,
    drawn,
    type: useCallback((text) => void open.current?.type(text), []),
    claim: useCallback((take) => open.current?.claim(take), []),
    openAgain: useCallback(() => setAttempt((before) => before + 1), []),
  };
}
