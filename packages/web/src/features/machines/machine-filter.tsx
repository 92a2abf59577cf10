import { Menu } from "@base-ui/react/menu";
import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { MenuChoice } from "../../ui/menu-choice.tsx";
import { Words } from "../../ui/text.tsx";

/** No id is empty. */
const ALL = "";

/** Narrows the list to one machine, from wherever one is. With one machine there is nothing to choose. */
export default function MachineFilter() {
  const machines = useLive((store) => store.machines);
  const chosen = useSearch({ strict: false }).machine ?? ALL;
  const onList = useRouterState({ select: ({ location: { pathname } }) => !pathname.startsWith("/machines") });
  const navigate = useNavigate();
  if (machines.length < 2 && chosen === ALL) return null;
  const choose = (id: string) => {
    const machine = id === ALL ? undefined : id;
    if (onList) void navigate({ to: ".", search: (before) => ({ ...before, machine }) });
    else void navigate({ to: "/", search: { machine } });
  };
  const name = machines.find((machine) => machine.id === chosen)?.name;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={`${texts.machines.filter}: ${name ?? texts.machines.all}`}
        className="flex h-7 min-w-0 items-center gap-1 rounded-m px-2 text-fg hover:bg-hover data-popup-open:bg-hover max-desk:hidden"
      >
        <span className="max-w-40 truncate">
          {chosen === ALL ? texts.machines.all : <Words>{name ?? chosen}</Words>}
        </span>
        <ChevronDown aria-hidden size={13} className="flex-none text-fg-3" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={4} className="z-20 outline-none">
          <Menu.Popup className="scroll max-h-(--available-height) w-max min-w-48 max-w-80 rounded-l border border-strong bg-control p-1 text-s outline-none">
            <Menu.RadioGroup value={chosen} onValueChange={choose}>
              <MenuChoice value={ALL}>{texts.machines.all}</MenuChoice>
              {machines.map((machine) => (
                <MenuChoice key={machine.id} value={machine.id}>
                  <span className="min-w-0 flex-1 truncate">
                    <Words>{machine.name}</Words>
                  </span>
                  {machine.state === "silent" && <span className="pl-3 text-fg-3">{texts.machines.silent}</span>}
                </MenuChoice>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
