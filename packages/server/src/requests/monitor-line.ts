import {
  AgentPaneError,
  type ChannelMonitorFrame,
  type ChannelServerFrame,
  ERROR_CODES,
  type ErrorCode,
} from "@agentpane/protocol";

/** What is needed of the monitors' channels. */
export interface MonitorLine {
  readonly frames: {
    on<Type extends ChannelMonitorFrame["type"]>(
      type: Type,
      handle: (
        frame: Extract<ChannelMonitorFrame, { type: Type }>,
        from: { machine: string; receivedAt: number },
      ) => void | Promise<void>,
    ): void;
  };
  /** False where no channel of the machine is open. */
  send(machine: string, frame: ChannelServerFrame): boolean;
  broadcast(frame: ChannelServerFrame): void;
  onOpened(listener: (machine: string) => void): () => void;
  onLost(listener: (machine: string) => void): () => void;
}

/** A monitor's refusal in the registry's words; `conflict` where it is of a newer registry, or no refusal at all. */
export function refusalOf({ code, message }: { code: string; message: string }): AgentPaneError {
  const known = ERROR_CODES.find((one) => one === code);
  return new AgentPaneError(known ?? ("conflict" satisfies ErrorCode), message);
}
