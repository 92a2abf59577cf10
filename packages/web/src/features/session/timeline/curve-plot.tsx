import { useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import type { Curves } from "./curves.ts";
import type { Palette } from "./paint.ts";
import type { Stretch } from "./viewport.ts";

interface CurvePlotProps {
  curves: Curves;
  stretch: Stretch;
  width: number;
  height: number;
  palette: Palette;
}

/** Room above the highest value, so that its line is not cut. */
const HEADROOM = 1.06;

/** Context and cost over the same stretch of time as the lanes below. The values stand beside it as words. */
export function CurvePlot({ curves, stretch, width, height, palette }: CurvePlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [Plot, setPlot] = useState<typeof uPlot | null>(null);
  useEffect(() => {
    let wanted = true;
    void import("uplot").then((module) => {
      // Without a canvas (a test's page) there is nothing to plot on.
      if (wanted && document.createElement("canvas").getContext?.("2d") != null) setPlot(() => module.default);
    });
    return () => {
      wanted = false;
    };
  }, []);

  const latest = useRef({ curves, stretch });
  latest.current = { curves, stretch };
  useEffect(() => {
    const element = place.current;
    if (Plot === null || element === null || width === 0) return;
    const made = new Plot(optionsOf(width, height, palette), dataOf(latest.current.curves), element);
    fit(made, latest.current.curves, latest.current.stretch);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [Plot, width, height, palette]);
  useEffect(() => {
    plot.current?.setData(dataOf(curves), false);
  }, [curves]);
  useEffect(() => {
    if (plot.current !== null) fit(plot.current, curves, stretch);
  }, [curves, stretch]);

  return <div ref={place} aria-hidden="true" className="timeline-curves" style={{ width, height }} />;
}

function dataOf({ at, context, cost }: Curves): uPlot.AlignedData {
  return [at, context, cost];
}

function fit(plot: uPlot, { cost }: Curves, { from, to }: Stretch): void {
  plot.batch(() => {
    plot.setScale("x", { min: from, max: to });
    plot.setScale("context", { min: 0, max: HEADROOM });
    plot.setScale("cost", { min: 0, max: Math.max(1, cost.at(-1) ?? 1) * HEADROOM });
  });
}

function optionsOf(width: number, height: number, palette: Palette): uPlot.Options {
  return {
    width,
    height,
    padding: [0, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }, { show: false }],
    scales: { x: { time: false }, context: { auto: false }, cost: { auto: false } },
    series: [
      {},
      { scale: "context", stroke: palette.accent, width: 1.5, fill: palette.wash, points: { show: false } },
      { scale: "cost", stroke: palette.ink, width: 1.5, dash: [1.5, 3], points: { show: false } },
    ],
  };
}
