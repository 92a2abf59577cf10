import { createContext, useContext, useState } from "react";

/** What was opened by hand, by key: rows leave the page when scrolled away and come back as they were. */
export const FoldMemory = createContext<Map<string, boolean>>(new Map());

export function useFold(key: string, initially = false): [open: boolean, toggle: () => void] {
  const memory = useContext(FoldMemory);
  const [open, setOpen] = useState(memory.get(key) ?? initially);
  const toggle = () => {
    memory.set(key, !open);
    setOpen(!open);
  };
  return [open, toggle];
}
