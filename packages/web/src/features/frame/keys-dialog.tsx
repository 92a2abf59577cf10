import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useMemo } from "react";
import { texts } from "../../texts.ts";
import { KEY_GROUPS, registry } from "../../ui/actions.ts";
import { IconButton } from "../../ui/controls.tsx";
import { KeyCaps } from "../../ui/key-caps.tsx";

/** Every key that does something where it was asked for. */
export default function KeysDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const keys = useMemo(() => (open ? registry.keys() : []), [open]);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-scrim" />
        <Dialog.Popup className="scroll fixed top-1/2 left-1/2 z-20 max-h-[90vh] w-[min(480px,calc(100vw-32px))] -translate-1/2 rounded-l border border-strong bg-control p-5 outline-none">
          <div className="mb-3 flex items-center justify-between">
            <Dialog.Title className="font-semibold text-l">{texts.keys.title}</Dialog.Title>
            <Dialog.Close render={<IconButton label={texts.keys.close} className="-mr-1.5" />}>
              <X aria-hidden size={16} />
            </Dialog.Close>
          </div>
          <div className="grid gap-5">
            {KEY_GROUPS.map((group) => {
              const lines = keys.filter((line) => line.group === group);
              if (lines.length === 0) return null;
              return (
                <section key={group}>
                  <h3 className="mb-1.5 font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">
                    {texts.keys.groups[group]}
                  </h3>
                  <dl className="grid gap-1">
                    {lines.map((line) => (
                      <div key={line.label} className="grid min-h-6 grid-cols-[104px_1fr] items-center text-s">
                        <dt className="flex flex-wrap gap-2">
                          {shortened(line.keys).map((key) => (
                            <KeyCaps key={key} keys={key} />
                          ))}
                        </dt>
                        <dd className="text-fg-2 first-letter:uppercase">{line.label}</dd>
                      </div>
                    ))}
                  </dl>
                </section>
              );
            })}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** As many keys as fit a line are shown; a longer row of them, such as all digits, by its ends. */
const MAX_SHOWN = 3;

function shortened(keys: readonly string[]): readonly string[] {
  const first = keys[0];
  const last = keys.at(-1);
  return keys.length <= MAX_SHOWN || first === undefined || last === undefined ? keys : [first, "…", last];
}
