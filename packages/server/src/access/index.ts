export { Access, type MintedToken } from "./access.ts";
export { Bucket } from "./bucket.ts";
export { type Clock, systemClock } from "./clock.ts";
export { allowedHosts, checkOrigin } from "./origin.ts";
export { type NeededRole, requireRole } from "./roles.ts";
export { newTokenSecret } from "./secret.ts";
