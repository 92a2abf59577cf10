import { AgentPaneError, API_PREFIX } from "@agentpane/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { checkOrigin, type NeededRole, requireRole } from "../access/index.ts";
import type { TokenIdentity } from "../store/contract.ts";
import type { HttpDeps } from "./deps.ts";
import { limitLeftovers } from "./replies.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The role that a caller must have; absent where no token is needed. */
    needs?: NeededRole;
    /** Answers while the server starts and stops, too. */
    always?: boolean;
  }
  interface FastifyRequest {
    holder: Holder | null;
  }
}

/** Who calls, and with which token. */
export interface Holder {
  token: string;
  identity: TokenIdentity;
}

/** Checks that come before any route and before a byte of the body is read: origin, readiness, token, role. */
export function setGuard(app: FastifyInstance, deps: HttpDeps): void {
  app.decorateRequest("holder", null);
  app.addHook("onRequest", async (request, reply) => {
    const isApi = request.url.startsWith("/api/");
    reply.headers(securityHeaders(request.headers.host ?? "", isApi));
    checkOrigin({ method: request.method, headers: request.headers, isPage: !isApi }, deps.hosts());
    const { needs, always } = request.routeOptions.config;
    if (always !== true && isApi && !deps.ready()) throw notReady();
    if (needs === undefined) return;
    const token = bearer(request);
    const identity = await deps.access.identify(token);
    requireRole(identity, needs);
    request.holder = { token: token ?? "", identity };
  });
  app.addHook("onResponse", async (request, reply) => {
    limitLeftovers(request, reply.raw);
    deps.log.debug(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      "answered",
    );
  });
}

/** The caller of a route that needs a role; the guard let nobody else through. */
export function holderOf(request: FastifyRequest): Holder {
  if (request.holder === null) throw new Error(`route ${request.routeOptions.url} needs a token but names no role`);
  return request.holder;
}

export function notReady(): AgentPaneError {
  return new AgentPaneError("not_ready", "The server starts or stops. Try again in a moment.", {
    retryAfterSeconds: 1,
  });
}

export const LIVE_PATH = `${API_PREFIX}/live`;
export const CHANNEL_PATH = `${API_PREFIX}/channel`;

/** `host` was checked against the names of this server before anything is answered that matters. */
function securityHeaders(host: string, isApi: boolean): Record<string, string> {
  const socket = /^[a-z0-9.:[\]]+$/i.test(host) ? ` ws://${host}` : "";
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "style-src 'self'",
      `connect-src 'self'${socket}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    ...(isApi ? { "cache-control": "no-store" } : {}),
  };
}

function bearer(request: FastifyRequest): string | undefined {
  return /^bearer +([^\s]+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
