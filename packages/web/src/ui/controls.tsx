import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

type ButtonProps = ComponentProps<"button"> & { look?: "plain" | "primary" | "bare" };

const LOOKS = {
  plain: "border-strong bg-control text-fg hover:bg-hover",
  primary:
    "border-accent-fill bg-accent-fill text-on-accent [&>kbd]:border-on-accent/50 [&>kbd]:text-on-accent disabled:opacity-60",
  bare: "border-transparent text-fg-2 hover:bg-hover hover:text-fg",
};

export function Button({ look = "plain", className, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={clsx(
        "inline-flex h-7 flex-none items-center gap-2 rounded-m border px-3 font-medium text-s whitespace-nowrap max-desk:h-11",
        LOOKS[look],
        className,
      )}
      {...props}
    />
  );
}

/** A button of one icon; `label` is its name and its tooltip. */
export function IconButton({ label, className, ...props }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={clsx(
        "grid size-7 flex-none place-items-center rounded-m text-fg-2 hover:bg-hover hover:text-fg max-desk:size-11",
        className,
      )}
      {...props}
    />
  );
}

export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={clsx(
        "inline-grid h-4 min-w-4 place-items-center rounded-s border border-strong px-1 font-mono text-key text-fg-3",
        className,
      )}
    >
      {children}
    </kbd>
  );
}

const TONES = {
  quiet: "bg-fg-3",
  /** Brighter, and brightest: fuller than usual, yet nothing that a status colour would say. */
  more: "bg-fg-2",
  most: "bg-fg",
  accent: "bg-accent-fill",
  chart: "bg-chart-2",
};

/** How much of a whole. The words stand beside it, so it is hidden from readers of the screen. */
export function Bar({
  part,
  className,
  tone = "quiet",
}: {
  part: number;
  className?: string;
  tone?: keyof typeof TONES;
}) {
  const percent = Math.max(0, Math.min(1, part)) * 100;
  return (
    <span
      aria-hidden="true"
      className={clsx(
        "block h-1 overflow-hidden rounded-s bg-track forced-colors:h-1.5 forced-colors:border",
        className,
      )}
    >
      <span
        className={clsx("block h-full rounded-s forced-colors:bg-[CanvasText]", TONES[tone])}
        style={{ width: `${percent}%` }}
      />
    </span>
  );
}
