import { createContext, useContext } from "react";

/** What the open session may ask of the list beside it. */
export interface Navigation {
  /** Every listed session, in the order of the list. */
  order: readonly string[];
  /** Of the open session; -1 where the list does not have it. */
  position: number;
  openSession(id: string): void;
  /** Asks whether the open session shall be deleted; null where this page may not. */
  askDelete: (() => void) | null;
  /** Closes the open session and gives the focus back to its row. */
  close(): void;
}

const NavigationContext = createContext<Navigation | null>(null);
export const SessionNavigation = NavigationContext.Provider;

export function useSessionNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error("an open session stands outside of the sessions page");
  return navigation;
}
