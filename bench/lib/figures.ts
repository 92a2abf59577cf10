/** One measured figure beside what the issue asks for. */
export interface Figure {
  what: string;
  unit: string;
  measured: number;
  /** The most it may be; null where nothing was asked. */
  target: number | null;
  /** What it was measured on, or what limits it. */
  note?: string;
}

export function isMet(figure: Figure): boolean | null {
  return figure.target === null ? null : figure.measured <= figure.target;
}

/** The value below which `share` (0..1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] as number;
}

export function formatTable(figures: readonly (Figure & { bench: string })[]): string {
  const rows = figures.map((figure) => [
    figure.bench,
    figure.what,
    figure.target === null ? "-" : `<= ${formatNumber(figure.target)} ${figure.unit}`,
    `${formatNumber(figure.measured)} ${figure.unit}`,
    { true: "met", false: "MISSED", null: "-" }[String(isMet(figure)) as "true" | "false" | "null"],
    figure.note ?? "",
  ]);
  const header = ["bench", "figure", "target", "measured", "", "note"];
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "none";
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
