import type { MachineRow } from "@agentpane/protocol";
import { useLive } from "../../live/use-live.ts";
import { hooksTexts as texts } from "../../texts/hooks.ts";
import { Words } from "../../ui/text.tsx";
import { HookPanel } from "./hook-panel.tsx";

/** The hook on each machine whose monitor is connected. */
export function HookSummary() {
  const machines = useLive((store) => store.machines).filter(({ state }) => state === "connected");
  return (
    <>
      {machines.map((machine) => (
        <OnMachine key={machine.id} machine={machine} titled={machines.length > 1} />
      ))}
    </>
  );
}

function OnMachine({ machine, titled }: { machine: MachineRow; titled: boolean }) {
  return (
    <section aria-label={`${texts.title}: ${machine.name}`} className="grid min-w-0 gap-2">
      {titled && (
        <h3 className="font-medium text-s">
          <Words>{texts.onMachine(machine.name)}</Words>
        </h3>
      )}
      <HookPanel machine={machine.id} />
    </section>
  );
}
