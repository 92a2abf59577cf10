import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { texts } from "../../texts.ts";
import { Kbd } from "../../ui/controls.tsx";

const KEYS: readonly [title: string, keys: readonly [keys: string[], what: string][]][] = [
  [
    texts.keys.groups.move,
    [
      [["j", "↓"], texts.keys.down],
      [["k", "↑"], texts.keys.up],
      [["Home"], texts.keys.first],
      [["End"], texts.keys.last],
      [["↵"], texts.keys.open],
      [["/"], texts.keys.filter],
    ],
  ],
  [
    texts.keys.groups.session,
    [
      [["["], texts.keys.previous],
      [["]"], texts.keys.next],
      [["esc"], texts.keys.escape],
    ],
  ],
  [
    texts.keys.groups.page,
    [
      [["g", "s"], texts.keys.goSessions],
      [["?"], texts.keys.help],
    ],
  ],
];

export default function KeysDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-scrim" />
        <Dialog.Popup className="scroll fixed top-1/2 left-1/2 z-20 max-h-[90vh] w-[min(440px,calc(100vw-32px))] -translate-1/2 rounded-l border border-strong bg-control p-5 outline-none">
          <div className="mb-3 flex items-center justify-between">
            <Dialog.Title className="font-semibold text-l">{texts.keys.title}</Dialog.Title>
            <Dialog.Close
              aria-label={texts.keys.close}
              className="-mr-1.5 grid size-7 place-items-center rounded-m text-fg-2 hover:bg-hover max-desk:size-11"
            >
              <X aria-hidden size={16} />
            </Dialog.Close>
          </div>
          <div className="grid gap-5">
            {KEYS.map(([title, keys]) => (
              <section key={title}>
                <h3 className="mb-1.5 font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">{title}</h3>
                <dl className="grid gap-1">
                  {keys.map(([names, what]) => (
                    <div key={what} className="grid h-6 grid-cols-[88px_1fr] items-center text-s">
                      <dt className="flex gap-1">
                        {names.map((name) => (
                          <Kbd key={name}>{name}</Kbd>
                        ))}
                      </dt>
                      <dd className="text-fg-2">{what}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
