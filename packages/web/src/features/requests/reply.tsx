import { useRef } from "react";
import { requestsTexts as texts } from "../../texts/requests.ts";
import { useKeys } from "../../ui/keys.ts";
import { KeyHint } from "./controls.tsx";

export interface ReplyProps {
  /** Whether `r` comes here. */
  current: boolean;
  label: string;
  value: string;
  onChange(value: string): void;
  onSend(): void;
}

/** Words that go with a no; Enter sends them, Escape leaves the field. */
export function Reply({ current, label, value, onChange, onSend }: ReplyProps) {
  const field = useRef<HTMLInputElement>(null);
  useKeys(current ? [["r", () => field.current?.focus(), { label: texts.keys.reply, group: "session" }]] : []);
  return (
    <label className="flex h-7 min-w-[12rem] flex-1 items-center gap-2 rounded-m border border-strong bg-control px-2 focus-within:outline-2 focus-within:outline-accent max-desk:h-11 max-desk:col-span-full">
      <input
        ref={field}
        data-reply
        aria-label={label}
        placeholder={label}
        value={value}
        dir="auto"
        maxLength={20_000}
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-fg-3"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing && value.trim() !== "") onSend();
          if (event.key === "Escape") {
            event.stopPropagation();
            field.current?.blur();
          }
        }}
      />
      <KeyHint shown={current}>r</KeyHint>
    </label>
  );
}
