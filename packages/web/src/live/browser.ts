import { API_PREFIX } from "@agentpane/protocol";
import { pageTimers } from "./clock.ts";
import type { ConnectionEnvironment, LiveSocket, LiveSocketEvents } from "./connection.ts";

/** How often the page looks at its own clock, and the gap that means the computer slept in between. */
const SLEEP_CHECK_MS = 10_000;
const SLEEP_GAP_MS = 30_000;

/** The connection's surroundings in a browser. */
export function browserEnvironment(): ConnectionEnvironment {
  return {
    timers: pageTimers,
    openSocket,
    random: Math.random,
    isOnline: () => navigator.onLine,
    onWake,
  };
}

function openSocket(events: LiveSocketEvents): LiveSocket {
  const url = new URL(`${API_PREFIX}/live`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => events.onOpen());
  socket.addEventListener("message", (event) => events.onText(String(event.data)));
  // An error is always followed by a close.
  socket.addEventListener("close", () => events.onClose());
  return socket;
}

function onWake(listener: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === "visible") listener();
  };
  let lastLook = Date.now();
  const id = setInterval(() => {
    const now = Date.now();
    if (now - lastLook > SLEEP_GAP_MS) listener();
    lastLook = now;
  }, SLEEP_CHECK_MS);
  window.addEventListener("online", listener);
  document.addEventListener("visibilitychange", onVisible);
  return () => {
    clearInterval(id);
    window.removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", onVisible);
  };
}
