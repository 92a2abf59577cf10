import { clsx } from "clsx";
import { Folder, Server, Zap } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { paletteTexts as texts } from "../../texts/palette.ts";
import { texts as common } from "../../texts.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { KeyCaps } from "../../ui/key-caps.tsx";
import { Words } from "../../ui/text.tsx";
import { shapeOf } from "../sessions/row.tsx";
import type { ItemSection, PaletteItem } from "./items.ts";

interface OptionsProps {
  id: string;
  sections: readonly ItemSection[];
  active: PaletteItem | null;
  /** Whether something was typed; else it is an offer. */
  typed: boolean;
  onActive(item: PaletteItem): void;
  onChoose(item: PaletteItem): void;
}

/** A project's name may hold a space, which no id of an element may. */
export function optionId(listId: string, item: PaletteItem): string {
  return `${listId}-${item.group}-${encodeURIComponent(item.id)}`;
}

/** What can be chosen, by kind. The field keeps the focus: here a line is only marked. */
export function Options({ id, sections, active, typed, onActive, onChoose }: OptionsProps) {
  const activeId = active === null ? null : optionId(id, active);
  useEffect(() => {
    const line = activeId === null ? null : document.getElementById(activeId);
    line?.scrollIntoView?.({ block: "nearest" });
  }, [activeId]);
  return (
    <div
      id={id}
      role="listbox"
      aria-label={texts.results}
      className="scroll min-h-0 flex-1 scroll-py-9 px-2 empty:hidden"
    >
      {sections.map(({ group, items }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of options
        <div key={group} role="group" aria-labelledby={`${id}-${group}`} className="py-1.5">
          <div id={`${id}-${group}`} className="px-2 py-1 font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">
            {group === "sessions" && !typed ? texts.groups.offered : texts.groups[group]}
          </div>
          {items.map((item) => {
            const marked = optionId(id, item) === activeId;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has focus and keys
              <div
                key={item.id}
                id={optionId(id, item)}
                role="option"
                aria-selected={marked}
                className={clsx(
                  "flex h-9 items-center gap-3 rounded-m px-2 max-desk:h-12",
                  marked && "bg-selected forced-colors:outline-2 forced-colors:outline-[Highlight]",
                )}
                onPointerMove={() => !marked && onActive(item)}
                onClick={() => onChoose(item)}
              >
                <Line item={item} />
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function Line({ item }: { item: PaletteItem }) {
  switch (item.group) {
    case "sessions":
      return (
        <Said icon={<Glyph shape={shapeOf(item.row)} />} label={item.label}>
          <span className="truncate text-fg-2">
            <Words>{item.row.project ?? common.sessions.noProject}</Words>
          </span>
          <code className="truncate text-fg-3 text-s max-desk:hidden">
            {item.row.branch !== null && <Words>{item.row.branch}</Words>}
          </code>
        </Said>
      );
    case "projects":
      return (
        <Said icon={<Folder aria-hidden size={16} strokeWidth={1.75} />} label={item.label}>
          <span className="text-fg-3">{texts.sessions(item.sessions)}</span>
        </Said>
      );
    case "machines":
      return (
        <Said icon={<Server aria-hidden size={16} strokeWidth={1.75} />} label={item.label}>
          {item.machine.state === "silent" && <span className="text-fg-3">{common.machines.silent}</span>}
        </Said>
      );
    case "pages":
      return (
        <Said icon={<item.page.icon aria-hidden size={16} strokeWidth={1.75} />} label={item.label}>
          <KeyCaps keys={item.page.key} className="max-desk:hidden" />
        </Said>
      );
    case "actions":
      return (
        <Said icon={<Zap aria-hidden size={16} strokeWidth={1.75} />} label={item.label}>
          {item.action.key !== undefined && <KeyCaps keys={item.action.key} className="max-desk:hidden" />}
        </Said>
      );
  }
}

function Said({ icon, label, children }: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    <>
      <span className="flex-none text-fg-2">{icon}</span>
      <span className="min-w-0 flex-1 truncate">
        <Words>{label}</Words>
      </span>
      <span className="flex min-w-0 max-w-[45%] flex-none items-center gap-2 text-s">{children}</span>
    </>
  );
}
