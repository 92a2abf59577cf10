export { Channels, type FromMonitor } from "./channels.ts";
