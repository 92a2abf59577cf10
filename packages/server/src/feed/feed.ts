import type { InputReport } from "@agentpane/protocol";
import type { Access, Clock } from "../access/index.ts";
import type { Committed, Engine } from "../store/contract.ts";
import { EventStreams } from "./event-streams.ts";
import { Hub } from "./hub.ts";
import { LiveSockets } from "./live-sockets.ts";
import { Sweeper } from "./sweeper.ts";
import { Topics } from "./topics.ts";

export interface FeedOptions {
  engine: Engine;
  access: Access;
  clock: Clock;
  onFault(error: unknown): void;
}

/** Everything that is live: who reads, what they read, and the timer that sends what time alone changes. */
export class Feed {
  readonly sockets: LiveSockets;
  readonly streams: EventStreams;
  readonly #hub: Hub;
  readonly #sweeper: Sweeper;

  constructor({ engine, access, clock, onFault }: FeedOptions) {
    const { reader, writer } = engine;
    const topics = new Topics({ reader, clock, onFault });
    const hub = new Hub({
      reader,
      clock,
      onFault,
      onChanges: (changes) => {
        topics.changed(changes);
        this.#sweeper.committed(changes.nextAt);
      },
    });
    this.#hub = hub;
    this.#sweeper = new Sweeper({
      clock,
      onFault,
      sweep: () => writer.sweep(),
      publish: ({ changes }) => hub.publish(changes),
    });
    this.sockets = new LiveSockets({ access, hub, topics, clock, onFault });
    this.streams = new EventStreams({ access, hub, clock, onFault });
  }

  start(): void {
    this.#sweeper.start();
  }

  /** Waits for a commit, tells everybody what it changed, and gives its answer. */
  commit<Answer>(committing: Promise<Committed<Answer>>): Promise<Answer> {
    return this.#hub.commit(committing);
  }

  /** Tells every page what became of words that a person sent. */
  tellInput(report: InputReport): void {
    this.#hub.tellInput(report);
  }

  /** Ends every reader; sockets that do not answer the goodbye are left to `terminate`. */
  close(): void {
    this.#sweeper.close();
    this.#hub.close();
    this.sockets.goAway();
    this.streams.close();
  }
}
