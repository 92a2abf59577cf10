import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState, useSyncExternalStore } from "react";
import { SignIn } from "./features/sign-in/sign-in.tsx";
import type { LiveStore } from "./live/store.ts";
import { LiveContext } from "./live/use-live.ts";
import type { createAppRouter } from "./routes.tsx";
import { type Services, ServicesContext } from "./services.ts";

export interface AppProps {
  services: Services;
  router: ReturnType<typeof createAppRouter>;
}

/** The page of who holds a token, else the way to one. */
export function App({ services, router }: AppProps) {
  const access = useSyncExternalStore(services.access.subscribe, services.access.getSnapshot);
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queries}>
        {access.kind === "signed-in" ? <SignedIn key={access.token} services={services} router={router} /> : <SignIn />}
      </QueryClientProvider>
    </ServicesContext>
  );
}

/** One token, one socket: both begin and end together. */
function SignedIn({ services, router }: AppProps) {
  const [live, setLive] = useState<LiveStore | null>(null);
  useEffect(() => {
    const store = services.openLive();
    store.start();
    setLive(store);
    return () => {
      store[Symbol.dispose]();
      services.queries.clear();
    };
  }, [services]);
  if (live === null) return null;
  return (
    <LiveContext value={live}>
      <RouterProvider router={router} />
    </LiveContext>
  );
}
