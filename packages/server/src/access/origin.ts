import type { IncomingHttpHeaders } from "node:http";
import { AgentPaneError } from "@agentpane/protocol";

/** Names under which this server may be addressed: what a page of another site can make a browser send is not among them. */
export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}

interface Asked {
  method: string;
  headers: IncomingHttpHeaders;
  /** The page itself, which a person may reach by a link from anywhere; never an API path. */
  isPage: boolean;
}

/**
 * Throws `origin_refused` unless the request could have come from this server's own page, from the address bar, or
 * from something that is no browser (no Origin, no Sec-Fetch-Site: its token decides). Host is checked against DNS
 * rebinding, Origin and Sec-Fetch-Site against other pages, those on other ports of this host included.
 */
export function checkOrigin(asked: Asked, hosts: ReadonlySet<string>): void {
  const { host, origin } = asked.headers;
  if (host === undefined || !hosts.has(host.toLowerCase())) {
    throw new AgentPaneError("origin_refused", "This host name is not served. Use http://127.0.0.1 with the port.");
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw new AgentPaneError("origin_refused", "Requests of other pages are not answered.");
  }
  const site = asked.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return;
  if (isNavigation(asked)) return;
  throw new AgentPaneError("origin_refused", "Requests of other pages are not answered.");
}

/** A top-level GET that shows the page: nobody but the person sees what it answers. */
function isNavigation({ method, headers, isPage }: Asked): boolean {
  return (
    isPage && method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document"
  );
}
