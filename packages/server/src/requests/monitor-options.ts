import type { ChannelServerFrame, Settings } from "@agentpane/protocol";
import type { Reader } from "../store/contract.ts";
import type { MonitorLine } from "./monitor-line.ts";

export interface MonitorOptionsDeps {
  line: MonitorLine;
  reader: Pick<Reader, "settings">;
  onFault(error: unknown): void;
}

/** Tells monitors what of the settings concerns them. */
export class MonitorOptions {
  readonly #deps: MonitorOptionsDeps;

  constructor(deps: MonitorOptionsDeps) {
    this.#deps = deps;
    const { line, reader, onFault } = deps;
    line.onOpened((machine) => {
      reader.settings().then((settings) => line.send(machine, frameOf(settings)), onFault);
    });
  }

  changed(settings: Settings): void {
    this.#deps.line.broadcast(frameOf(settings));
  }
}

function frameOf({ holdPrintProjects }: Settings): ChannelServerFrame {
  return { type: "options", holdPrintProjects: holdPrintProjects ?? [] };
}
