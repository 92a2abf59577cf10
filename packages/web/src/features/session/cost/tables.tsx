import type { CostByKind, UsageRow, UsageTotals } from "@agentpane/protocol";
import { clsx } from "clsx";
import { type ReactNode, useId } from "react";
import { costTexts } from "../../../texts/cost.ts";
import { texts } from "../../../texts.ts";
import { Bar } from "../../../ui/controls.tsx";
import { formatCount, formatExactUsd, formatPercent, formatTokens, formatUsd } from "../../../ui/format.ts";
import { Words } from "../../../ui/text.tsx";
import { allTokens, tokensByKind } from "./token-kinds.ts";

interface Column {
  name: string;
  /** What a phone has no room for. */
  deskOnly?: boolean;
}

interface Cell {
  text: string;
  title?: string;
}

interface Line {
  key: string;
  name: ReactNode;
  /** Of the whole; the bar is drawn against the largest line. */
  part: number;
  cells: Cell[];
}

/** Lines with a bar between their name and their figures: names and figures stand in columns at any width. */
function Table({ title, heads, lines }: { title: string; heads: Column[]; lines: Line[] }) {
  const id = useId();
  const most = Math.max(...lines.map(({ part }) => part), Number.MIN_VALUE);
  const [first, ...rest] = heads;
  return (
    <section aria-labelledby={id} className="grid gap-1">
      <h2 id={id} className="font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">
        {title}
      </h2>
      <table aria-labelledby={id} className="w-full text-s">
        <thead>
          <tr className="h-7 text-fg-3">
            <th scope="col" className="text-left font-normal">
              {first?.name}
            </th>
            <td className="w-full max-desk:hidden" />
            {rest.map(({ name, deskOnly }) => (
              <th
                key={name}
                scope="col"
                className={clsx("pl-4 text-right font-normal whitespace-nowrap", deskOnly && "max-desk:hidden")}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, name, part, cells }) => (
            <tr key={key} className="h-8 border-line border-t">
              <th scope="row" className="max-w-0 w-full truncate desk:w-auto desk:min-w-[140px] text-left font-medium">
                {name}
              </th>
              <td className="px-4 max-desk:hidden">
                <Bar part={part / most} tone="chart" />
              </td>
              {cells.map(({ text, title: tooltip }, column) => (
                <td
                  key={rest[column]?.name}
                  title={tooltip}
                  className={clsx("pl-4 text-right whitespace-nowrap", rest[column]?.deskOnly && "max-desk:hidden")}
                >
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const { head } = costTexts;

/** The key of a session's own spend among that of its subagents. */
export const MAIN_THREAD = "main";

export function ByModel({ rows }: { rows: readonly UsageRow[] }) {
  return <ByCost title={costTexts.byModel} head={head.model} rows={rows} nameOf={(key) => key} />;
}

export function BySubagent({ rows }: { rows: readonly UsageRow[] }) {
  const nameOf = (key: string) => (key === MAIN_THREAD ? costTexts.mainAgent : key);
  return <ByCost title={costTexts.bySubagent} head={head.subagent} rows={rows} nameOf={nameOf} />;
}

interface ByCostProps {
  title: string;
  head: string;
  rows: readonly UsageRow[];
  nameOf(key: string): string;
}

/** The dearest first. */
function ByCost({ title, head: first, rows, nameOf }: ByCostProps) {
  const whole = rows.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
  const sorted = [...rows].sort((a, b) => b.costNanoUsd - a.costNanoUsd || allTokens(b) - allTokens(a));
  const lines = sorted.map((row): Line => {
    const part = whole === 0 ? 0 : row.costNanoUsd / whole;
    const lacks = row.unpriced.length > 0;
    const unpriced = lacks && row.costNanoUsd === 0;
    const tokens = allTokens(row);
    return {
      key: row.key,
      name: <Words>{nameOf(row.key)}</Words>,
      part,
      cells: [
        unpriced
          ? { text: texts.spend.noPrice }
          : { text: formatUsd(row.costNanoUsd) + (lacks ? "+" : ""), title: formatExactUsd(row.costNanoUsd) },
        { text: unpriced ? "" : formatPercent(part) },
        { text: formatTokens(tokens), title: formatCount(tokens) },
        { text: formatCount(row.responses) },
      ],
    };
  });
  return (
    <Table
      title={title}
      heads={[
        { name: first },
        { name: head.cost },
        { name: head.share, deskOnly: true },
        { name: head.tokens },
        { name: head.each, deskOnly: true },
      ]}
      lines={lines}
    />
  );
}

/** Kinds of which there were none are left out. What each cost stands beside it, where the server says. */
export function ByKind({ total, cost }: { total: UsageTotals; cost: CostByKind | undefined }) {
  const kinds = tokensByKind(total).filter(([, tokens]) => tokens > 0);
  if (kinds.length === 0 && total.webSearches === 0) return null;
  if (cost === undefined || total.costNanoUsd === 0) return <ByTokens kinds={kinds} />;
  const line = (key: string, name: string, nanoUsd: number, tokens: Cell): Line => {
    const part = nanoUsd / total.costNanoUsd;
    const cells = [{ text: formatUsd(nanoUsd), title: formatExactUsd(nanoUsd) }, { text: formatPercent(part) }, tokens];
    return { key, name, part, cells };
  };
  const lines = kinds.map(([kind, tokens]) =>
    line(kind, costTexts.kinds[kind], cost[kind], { text: formatTokens(tokens), title: formatCount(tokens) }),
  );
  if (total.webSearches > 0) {
    lines.push(line("webSearches", costTexts.searches(total.webSearches), cost.webSearches, { text: "" }));
  }
  return (
    <Table
      title={costTexts.byKind}
      heads={[{ name: head.kind }, { name: head.cost }, { name: head.share, deskOnly: true }, { name: head.tokens }]}
      lines={lines}
    />
  );
}

function ByTokens({ kinds }: { kinds: ReturnType<typeof tokensByKind> }) {
  const all = kinds.reduce((sum, [, tokens]) => sum + tokens, 0);
  if (all === 0) return null;
  const lines = kinds.map(([kind, tokens]): Line => {
    const part = tokens / all;
    return {
      key: kind,
      name: costTexts.kinds[kind],
      part,
      cells: [{ text: formatTokens(tokens), title: formatCount(tokens) }, { text: formatPercent(part) }],
    };
  });
  return (
    <Table
      title={costTexts.byKind}
      heads={[{ name: head.kind }, { name: head.tokens }, { name: head.share }]}
      lines={lines}
    />
  );
}
