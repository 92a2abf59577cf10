import type { ReactNode } from "react";

/** A titled part of a machine. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h3 className="font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">{title}</h3>
        {aside !== undefined && <span className="text-s">{aside}</span>}
      </div>
      {children}
    </section>
  );
}
