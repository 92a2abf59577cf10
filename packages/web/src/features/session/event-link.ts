import { createContext, useContext } from "react";

/** The address of each event, and what goes there. */
export interface EventLinks {
  hrefOf(place: string): string;
  open(place: string): void;
}

export const EventLinkContext = createContext<EventLinks>({ hrefOf: () => "", open: () => {} });

export function useEventLinks(): EventLinks {
  return useContext(EventLinkContext);
}
