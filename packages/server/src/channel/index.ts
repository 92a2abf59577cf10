export { Channels } from "./channels.ts";
