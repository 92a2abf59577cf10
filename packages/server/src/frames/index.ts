export { FrameRouter } from "./frame-router.ts";
export { Listeners } from "./listeners.ts";
