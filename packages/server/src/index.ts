export type { MintedToken } from "./access/index.ts";
export { LOG_LEVELS, type LogLevel, type ServerOptions } from "./config.ts";
export { openStoreAccess, type StoreAccess } from "./offline.ts";
export { type Server, startServer } from "./server.ts";
export { readServerFile, type ServerFile } from "./server-file.ts";
