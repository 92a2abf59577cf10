import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  retainSearchParams,
} from "@tanstack/react-router";
import { Frame } from "./features/frame/frame.tsx";
import { NotFound } from "./features/frame/not-found.tsx";
import { PageError } from "./features/frame/page-error.tsx";
import { isSessionTab, type SessionTab } from "./features/session/tabs.ts";
import { SessionsPage } from "./features/sessions/page.tsx";
import { part } from "./parts.ts";
import { LIST_SEARCH_KEYS, readListSearch } from "./search.ts";

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: PageError });

/**
 * The list stays while sessions are opened and closed beside it, and so does what it is narrowed by: a part of the filter
 * goes only where a link names it as undefined.
 */
const sessions = createRoute({
  getParentRoute: () => root,
  id: "sessions",
  validateSearch: readListSearch,
  search: { middlewares: [retainSearchParams([...LIST_SEARCH_KEYS])] },
  component: SessionsPage,
});

const sessionList = createRoute({ getParentRoute: () => sessions, path: "/" });

/** What an address says of the open session besides its id. */
interface SessionSearch {
  /** A subagent, whose transcript is shown instead. */
  agent?: string;
  /** The place of an event in the transcript. */
  event?: string;
  tab?: SessionTab;
}

/** As the server writes the place of an event. */
const PLACE = /^[0-9a-z.]{1,64}$/;

export const sessionRoute = createRoute({
  getParentRoute: () => sessions,
  path: "/sessions/$sessionId",
  validateSearch: (search: Record<string, unknown>): SessionSearch => ({
    ...(typeof search.agent === "string" ? { agent: search.agent } : {}),
    ...(typeof search.event === "string" && PLACE.test(search.event) ? { event: search.event } : {}),
    ...(isSessionTab(search.tab) ? { tab: search.tab } : {}),
  }),
  component: lazyRouteComponent(
    part(() => import("./features/session/route.tsx")),
    "SessionRoute",
  ),
});

/** One page under two addresses: all machines, and all with one of them open. */
const machinesPage = lazyRouteComponent(
  part(() => import("./features/machines/route.tsx")),
  "MachinesRoute",
);
const machines = createRoute({ getParentRoute: () => root, id: "machines", component: machinesPage });
const machineList = createRoute({ getParentRoute: () => machines, path: "/machines" });
const machineRoute = createRoute({ getParentRoute: () => machines, path: "/machines/$machineId" });

const requests = createRoute({
  getParentRoute: () => root,
  path: "/requests",
  component: lazyRouteComponent(
    part(() => import("./features/requests/page.tsx")),
    "RequestsPage",
  ),
});

/** `history` is the browser's own, unless a test brings one. */
export function createAppRouter(history?: RouterHistory) {
  return createRouter({
    ...(history === undefined ? {} : { history }),
    routeTree: root.addChildren([
      sessions.addChildren([sessionList, sessionRoute]),
      machines.addChildren([machineList, machineRoute]),
      requests,
    ]),
    defaultErrorComponent: PageError,
    defaultPreload: false,
    // Addresses are the person's own text: an agent's id is no JSON.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(
        Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      ).toString();
      return text === "" ? "" : `?${text}`;
    },
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
