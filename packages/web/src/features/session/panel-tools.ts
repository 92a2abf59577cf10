import { createContext } from "react";

/** The place beside the tabs for what acts on the view below them; null where there is none, or not yet. */
export const PanelTools = createContext<HTMLElement | null>(null);
