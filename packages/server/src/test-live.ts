import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { ChannelMonitorFrame, ChannelServerFrame, LiveClientFrame, LiveServerFrame } from "@agentpane/protocol";
import { type ClientOptions, WebSocket } from "ws";

/** A page's socket in a test: everything that came, and how it closed. */
export type TestSocket = OpenSocket<LiveClientFrame, LiveServerFrame>;
/** A monitor's socket in a test. */
export type TestChannel = OpenSocket<ChannelMonitorFrame, ChannelServerFrame>;

interface OpenSocket<Sent, Received> {
  ws: WebSocket;
  frames: Received[];
  send(frame: Sent | string): void;
  /** Resolves once `enough` of the frames came; rejects when the socket closes before. */
  until(enough: (frames: Received[]) => boolean): Promise<Received[]>;
  closed: Promise<{ code: number }>;
}

export function openSocket(port: number, options: ClientOptions = {}): Promise<TestSocket> {
  return open(port, "live", options);
}

export function openChannel(port: number, options: ClientOptions = {}): Promise<TestChannel> {
  return open(port, "channel", options);
}

async function open<Sent, Received>(
  port: number,
  place: string,
  options: ClientOptions,
): Promise<OpenSocket<Sent, Received>> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/api/v1/${place}`, options);
  const frames: Received[] = [];
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const look of watchers) look();
  };
  ws.on("message", (data) => {
    frames.push(JSON.parse(String(data)));
    tell();
  });
  const closed = new Promise<{ code: number }>((resolve) => {
    ws.on("close", (code) => {
      resolve({ code });
      tell();
    });
  });
  await once(ws, "open");
  ws.on("error", () => {});
  return {
    ws,
    frames,
    send: (frame) => ws.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    until: (enough) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (enough(frames)) resolve(frames);
          else if (ws.readyState === WebSocket.CLOSED) reject(new Error(`closed after ${JSON.stringify(frames)}`));
          else return;
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
    closed,
  };
}

/** The HTTP answer to an upgrade that is refused. */
export async function refusedUpgrade(
  port: number,
  headers: Record<string, string> = {},
  path = "/api/v1/live",
): Promise<{ status: number; headers: IncomingMessage["headers"]; code: string }> {
  const asked = request({
    host: "127.0.0.1",
    port,
    path,
    agent: false,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  });
  const upgraded = once(asked, "upgrade").then(() => {
    throw new Error("the upgrade was accepted");
  });
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  asked.end();
  const [answer] = (await Promise.race([answered, upgraded])) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString());
  return { status: answer.statusCode ?? 0, headers: answer.headers, code: body.error.code };
}
