import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** Stands between a monitor and its server, and can cut the channel alone: what goes by HTTP goes on. */
export class ChannelCutter implements AsyncDisposable {
  readonly #target: URL;
  readonly #server: Server;
  readonly #channels = new Set<Socket>();
  /** Upgrades that were let through, or refused since the cut. */
  upgrades = 0;
  #isCut = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((asked, answer) => {
      const { method, url: path, headers } = asked;
      const host = target.host;
      const passed = request({ host: target.hostname, port: target.port, method, path, headers: { ...headers, host } });
      passed.on("response", (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
    });
    this.#server.on("upgrade", (asked, socket: Socket, head) => {
      this.upgrades += 1;
      socket.on("error", () => socket.destroy());
      if (this.#isCut) return socket.destroy();
      const far = connect(Number(this.#target.port), this.#target.hostname);
      far.on("error", () => socket.destroy());
      const lines = Object.entries({ ...asked.headers, host: this.#target.host }).map(([k, v]) => `${k}: ${v}\r\n`);
      far.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
      far.write(head);
      far.pipe(socket).pipe(far);
      for (const end of [far, socket]) {
        this.#channels.add(end);
        end.on("close", () => {
          this.#channels.delete(end);
          far.destroy();
          socket.destroy();
        });
      }
    });
  }

  static async start(target: string): Promise<ChannelCutter> {
    const cutter = new ChannelCutter(new URL(target));
    cutter.#server.listen(0, "127.0.0.1");
    await once(cutter.#server, "listening");
    return cutter;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#channels) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
