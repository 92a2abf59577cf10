import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { Access, browserStorage, followOtherTabs } from "./api/access.ts";
import { type ApiClient, createApiClient } from "./api/client.ts";
import { ApiError } from "./api/errors.ts";
import type { ConnectionEnvironment } from "./live/connection.ts";
import { LiveStore } from "./live/store.ts";

const MAX_QUERY_RETRIES = 2;

/** Everything that outlives a component, made once per page. */
export interface Services {
  access: Access;
  api: ApiClient;
  queries: QueryClient;
  /** A store and its socket for one token; the page disposes of it when the token goes. */
  openLive(): LiveStore;
}

export function createServices(environment: ConnectionEnvironment): Services & Disposable {
  const access = new Access(browserStorage());
  const unfollow = followOtherTabs(access, window);
  const api = createApiClient({
    token: access.token,
    onUnauthenticated: (token) => access.refuse(token),
  });
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // The feed says when something changed; nothing is asked for again by time or focus alone.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // The server is often on this host, where being offline means nothing.
        networkMode: "always",
        retry: (failures, error) => failures < MAX_QUERY_RETRIES && isWorthRetrying(error),
      },
    },
  });
  return {
    access,
    api,
    queries,
    openLive() {
      const token = access.token();
      return new LiveStore(environment, {
        token: access.token,
        onRefused: () => access.refuse(token),
        // A refused upgrade looks like a lost server; a call over HTTP tells the two apart.
        onSilentFailure: () =>
          api.probe().then(
            () => true,
            (error) => !(error instanceof ApiError && error.code === "unreachable"),
          ),
      });
    },
    [Symbol.dispose]() {
      unfollow();
      queries.clear();
    },
  };
}

function isWorthRetrying(error: Error): boolean {
  return (
    error instanceof ApiError &&
    (error.code === "unreachable" || error.code === "not_ready" || error.code === "store_busy")
  );
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error("a component that calls the server stands outside of ServicesContext");
  return services;
}
