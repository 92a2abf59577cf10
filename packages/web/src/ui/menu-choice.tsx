import { Menu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactNode } from "react";

/** One of several in a menu, of which one holds: it has the mark. */
export function MenuChoice({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Menu.RadioItem
      value={value}
      closeOnClick
      className="flex min-h-7 items-center gap-2 rounded-m px-2 outline-none data-highlighted:bg-selected max-desk:min-h-11"
    >
      <span className="w-4 flex-none">
        <Menu.RadioItemIndicator>
          <Check aria-hidden size={14} className="text-accent" />
        </Menu.RadioItemIndicator>
      </span>
      {children}
    </Menu.RadioItem>
  );
}
