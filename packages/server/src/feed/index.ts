export { Feed } from "./feed.ts";
export type { Page } from "./live-socket.ts";
export type { LiveSockets } from "./live-sockets.ts";
