export { Feed } from "./feed.ts";
export type { Page } from "./live-socket.ts";
