import { Menu } from "@base-ui/react/menu";
import { SunMoon } from "lucide-react";
import { useState } from "react";
import { texts } from "../../texts.ts";
import { MenuChoice } from "../../ui/menu-choice.tsx";
import { chooseTheme, chosenTheme, THEMES, type Theme } from "../../ui/theme.ts";

export default function ThemeMenu() {
  const [theme, setTheme] = useState<Theme>(chosenTheme);
  const choose = (value: Theme) => {
    chooseTheme(value);
    setTheme(value);
  };
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={texts.theme.label}
        title={texts.theme.label}
        className="grid size-7 place-items-center rounded-m text-fg-2 hover:bg-hover hover:text-fg max-desk:size-11"
      >
        <SunMoon aria-hidden size={16} strokeWidth={1.75} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-20 outline-none">
          <Menu.Popup className="min-w-40 rounded-l border border-strong bg-control p-1 text-s outline-none">
            <Menu.RadioGroup value={theme} onValueChange={choose}>
              {THEMES.map((value) => (
                <MenuChoice key={value} value={value}>
                  {texts.theme[value]}
                </MenuChoice>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
