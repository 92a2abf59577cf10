import { z } from "zod";
import { machineRow, monitorReport } from "./machine.ts";
import { sourceCursor } from "./segment.ts";
import { sessionRow, sessionStatus } from "./session.ts";
import { count, epochMs, machineId, role, subagentId } from "./units.ts";

/** Every API path stands under this. */
export const API_PREFIX = "/api/v1";
export const DEFAULT_PORT = 4477;

export const registerAnswer = z.object({
  protocol: z.int(),
  serverVersion: z.string(),
  /** Server's clock when it answered. */
  now: epochMs,
  cursors: z.array(sourceCursor),
});
export type RegisterAnswer = z.infer<typeof registerAnswer>;

export const heartbeatBody = z.object({ machine: machineId, bootId: z.string().max(64), report: monitorReport });
export type HeartbeatBody = z.infer<typeof heartbeatBody>;
/** `known: false` asks the monitor to register again. */
export const heartbeatAnswer = z.object({ known: z.boolean(), now: epochMs });
export const deregisterBody = z.object({ machine: machineId, bootId: z.string().max(64) });
export type DeregisterBody = z.infer<typeof deregisterBody>;

export const MAX_SESSIONS_PER_PAGE = 500;
export const MAX_EVENTS_PER_PAGE = 1000;

const text = z.string().max(500).optional();
/** What sessions are listed; all that is given must hold. */
const filter = {
  status: sessionStatus.optional(),
  project: text,
  branch: text,
  machine: machineId.optional(),
  /** A model's id, whole. */
  model: text,
  /** Words that must all stand in title, goal, project or branch. */
  q: text,
};
/** Query strings arrive as text, hence the coercion. */
export const sessionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_SESSIONS_PER_PAGE).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  ...filter,
});
export type SessionsQuery = z.infer<typeof sessionsQuery>;
export const sessionsPage = z.object({ sessions: z.array(sessionRow), total: count });
export type SessionsPage = z.infer<typeof sessionsPage>;

/** Values of one kind that an answer holds; those with the most sessions. */
export const MAX_FACET_VALUES = 200;
export const facetsQuery = z.object(filter);
export type FacetsQuery = z.infer<typeof facetsQuery>;
const facet = z.array(z.object({ value: z.string(), count })).max(MAX_FACET_VALUES);
/**
 * What the list can be narrowed by further: of each kind the values with how many sessions they would leave, most first,
 * all other parts of the filter given.
 */
export const sessionFacets = z.object({
  status: facet,
  project: facet,
  branch: facet,
  /** Ids. */
  machine: facet,
  model: facet,
});
export type SessionFacets = z.infer<typeof sessionFacets>;

/** A place between events, as the server wrote it; opaque to everybody else. */
export const place = z.string().regex(/^[0-9a-z.]{1,64}$/, "is not a place that the server gave");
export const eventsQuery = z
  .object({
    limit: z.coerce.number().int().min(1).max(MAX_EVENTS_PER_PAGE).default(200),
    after: place.optional(),
    before: z.union([z.literal("end"), place]).optional(),
    /** The page has the event at this place in its middle. */
    around: place.optional(),
    subagent: subagentId.optional(),
    view: z.enum(["full", "small"]).default("small"),
  })
  .refine(({ after, before, around }) => [after, before, around].filter((one) => one !== undefined).length <= 1, {
    message: "give one of `after`, `before` and `around`",
  });
export type EventsQuery = z.infer<typeof eventsQuery>;

export const machinesPage = z.object({ machines: z.array(machineRow) });

export const loginBody = z.object({ code: z.string().min(16).max(128) });
export const loginAnswer = z.object({ token: z.string(), role, name: z.string(), expiresAt: epochMs.nullable() });
export type LoginAnswer = z.infer<typeof loginAnswer>;

export const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  role,
  createdAt: epochMs,
  expiresAt: epochMs.nullable(),
  lastUsedAt: epochMs.nullable(),
  revokedAt: epochMs.nullable(),
  machine: machineId.nullable(),
});
export type TokenRow = z.infer<typeof tokenRow>;

export const tokensPage = z.object({ tokens: z.array(tokenRow) });
export type TokensPage = z.infer<typeof tokensPage>;
/** What a token is called: it is listed and revoked by it. */
export const tokenName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,99}$/u, "letters, digits, space and . _ @ -");
export const newTokenBody = z.object({ name: tokenName, role, expiresAt: epochMs.nullable().default(null) });
/** The only time that a token is seen; the store has its hash. */
export const newTokenAnswer = z.object({
  token: z.string(),
  id: z.string(),
  name: z.string(),
  role,
  expiresAt: epochMs.nullable(),
});
export type NewTokenAnswer = z.infer<typeof newTokenAnswer>;

/** A link for a person: `path` is to be put behind the server's address; its code is good once, until `expiresAt`. */
export const linkBody = z.object({ role: role.exclude(["monitor"]).default("admin") });
export const linkAnswer = z.object({ path: z.string(), role, expiresAt: epochMs });
export type LinkAnswer = z.infer<typeof linkAnswer>;

/** What a holder of a token may know of the server: who am I, which version, since when. */
export const serverInfo = z.object({
  version: z.string(),
  protocol: z.int(),
  role,
  name: z.string(),
  startedAt: epochMs,
  now: epochMs,
  /** What settings call dangerous, where the role may decide. */
  dangerous: z.array(z.string()).optional(),
});
export type ServerInfo = z.infer<typeof serverInfo>;

export const reindexAnswer = z.object({ sources: count, events: count, failed: count });
export type ReindexAnswer = z.infer<typeof reindexAnswer>;
