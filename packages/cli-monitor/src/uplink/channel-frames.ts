import type { ChannelMonitorFrame, ChannelServerFrame } from "@agentpane/protocol";

/** What the channel itself says and hears is no part's business. */
type OwnFrame = "hello" | "presence" | "welcome" | "error";

/** A frame that a part of the monitor may send. */
export type PartFrame = Exclude<ChannelMonitorFrame, { type: OwnFrame }>;
/** Types of the frames that a part may take. */
export type ServerFrameType = Exclude<ChannelServerFrame["type"], OwnFrame>;
export type ServerFrame<Type extends ServerFrameType> = Extract<ChannelServerFrame, { type: Type }>;

/** What a part of the monitor sees of the channel. Parts are added before the first dial and stay. */
export interface ChannelLine {
  /** Welcomed, and the whole presence set told. */
  readonly isOpen: boolean;
  /** Bytes given to the socket that the other side has not taken yet: hold back what can be told later. */
  readonly unsentBytes: number;
  /** False where the channel is not open: the frame is lost, and told anew after the next opening if it is state. */
  send(frame: PartFrame): boolean;
  /** Takes every frame of one type; frames that nobody takes are passed over. */
  on<Type extends ServerFrameType>(type: Type, take: (frame: ServerFrame<Type>) => void): void;
  /** Called at each opening, right behind the whole presence set. */
  onOpened(take: () => void): void;
  /** Called each time an open channel is lost, or closed by us. */
  onLost(take: () => void): void;
}

/** Brings each frame to those who take its type, and tells of openings and losses. */
export class FrameRouter {
  readonly #takers = new Map<string, ((frame: never) => void)[]>();
  readonly #opened: (() => void)[] = [];
  readonly #lost: (() => void)[] = [];

  on<Type extends ServerFrameType>(type: Type, take: (frame: ServerFrame<Type>) => void): void {
    const takers = this.#takers.get(type) ?? [];
    takers.push(take);
    this.#takers.set(type, takers);
  }

  onOpened(take: () => void): void {
    this.#opened.push(take);
  }

  onLost(take: () => void): void {
    this.#lost.push(take);
  }

  route(frame: ChannelServerFrame): void {
    for (const take of this.#takers.get(frame.type) ?? []) take(frame as never);
  }

  opened(): void {
    for (const take of this.#opened) take();
  }

  lost(): void {
    for (const take of this.#lost) take();
  }
}
