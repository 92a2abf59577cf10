import type { UsageReport } from "./rollup/usage-report.ts";
import type { UsageRow } from "./rollup/usage-row.ts";
import type { UsageScan } from "./scan/scan-usage.ts";

const NANO_PER_USD = 1_000_000_000;
const CENTS = 2;
const PERCENT = 100;

/** The documented JSON: money both exact and as a number of dollars, and how the transcripts were read. */
export function usageJson(scan: UsageScan): string {
  const { key: _, ...total } = scan.total;
  return JSON.stringify({ rows: scan.rows.map(withDollars), total: withDollars(total), scan: scan.scan });
}

function withDollars<Row extends { costNanoUsd: number }>(row: Row): Row & { costUsd: number } {
  return { ...row, costUsd: row.costNanoUsd / NANO_PER_USD };
}

/** A table for people, with the total last and what has no price named below. */
export function usageTable(scan: UsageScan, by: string): string {
  return reportTable(scan, by, scanNotes(scan.scan));
}

/** The table of any report, whoever counted it; `notes` stand below it. Keys are others' words: nothing in them is obeyed. */
export function reportTable(report: UsageReport, by: string, notes: readonly string[]): string {
  const heads = [by, "responses", "input", "output", "write 5m", "write 1h", "cache read", "searches", "USD"];
  const lines = [heads, ...[...report.rows, report.total].map(cells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
  const said = [
    "API-equivalent dollars: what these tokens cost at list price, which is not what a subscription pays.",
    ...notes,
    ...report.total.unpriced.map(
      ({ model, responses }) => `Unpriced: ${responses} responses of ${plain(model)}, for which nobody lists a price.`,
    ),
  ];
  return `${[...table, "", ...said].join("\n")}\n`;
}

function cells(row: UsageRow): string[] {
  const counts = [
    row.responses,
    row.inputTokens,
    row.outputTokens,
    row.cacheWrite5mTokens,
    row.cacheWrite1hTokens,
    row.cacheReadTokens,
    row.webSearches,
  ];
  return [plain(row.key), ...counts.map((count) => count.toLocaleString("en-US")), dollars(row)];
}

/** A sum that lacks something says so. */
function dollars(row: UsageRow): string {
  const text = (row.costNanoUsd / NANO_PER_USD).toFixed(CENTS);
  return row.unpriced.length > 0 ? `${text}+?` : text;
}

/** Controls, what turns the direction of text, and other characters without ink, as escapes. */
function plain(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, "0")}`);
}

function scanNotes(scan: UsageScan["scan"]): string[] {
  const { files, bytes, lines, slow, copies, oversize, unreadable, threads, ms } = scan;
  const share = lines === 0 ? 0 : (slow / lines) * PERCENT;
  const said = [
    `Read ${files} transcripts, ${(bytes / 1e6).toFixed(0)} MB, ${copies} copies of responses, in ${(ms / 1000).toFixed(2)} s on ${threads} ${threads === 1 ? "thread" : "threads"}; ${slow} of ${lines} lines the slow way (${share.toFixed(2)} %).`,
  ];
  if (oversize > 0) said.push(`${oversize} lines are longer than 16 MiB and were not read.`);
  if (unreadable > 0) said.push(`${unreadable} transcripts could not be opened.`);
  return said;
}
