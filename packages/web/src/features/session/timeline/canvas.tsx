import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Palette } from "./paint.ts";

interface CanvasProps {
  width: number;
  height: number;
  className?: string;
  /** Called with a clean canvas whose unit is the page's pixel; another function draws anew. */
  draw(context: CanvasRenderingContext2D): void;
}

/** A canvas as sharp as the screen. */
export function Canvas({ width, height, className, draw }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext?.("2d") ?? null;
    if (element === null || context === null) return;
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== wide || element.height !== high) {
      element.width = wide;
      element.height = high;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context);
  }, [width, height, draw]);
  return (
    <div aria-hidden="true" className={className}>
      <canvas ref={canvas} style={{ width, height }} />
    </div>
  );
}

/** The width and the height of an element's inside, in whole pixels; 0 before it is measured. */
export function useSize(): [ref: (element: HTMLElement | null) => void, size: { width: number; height: number }] {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const observer = useRef<ResizeObserver | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    observer.current = null;
    if (element === null) return;
    const measure = () => {
      const width = Math.floor(element.clientWidth || element.offsetWidth);
      const height = Math.floor(element.clientHeight || element.offsetHeight);
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    observer.current = new ResizeObserver(measure);
    observer.current.observe(element);
  }, []);
  return [ref, size];
}

const TOKENS: Readonly<Record<keyof Palette, string>> = {
  model: "var(--chart-2)",
  tool: "var(--chart-3)",
  faint: "color-mix(in oklab, var(--chart-3) 45%, transparent)",
  failed: "var(--error-fill)",
  line: "var(--line)",
  accent: "var(--accent)",
  wash: "color-mix(in oklab, var(--accent) 14%, transparent)",
  ink: "var(--fg-2)",
};
/** With forced colours only the system's own are left; outcome and lane are told by shape, place and words. */
const FORCED: Readonly<Record<keyof Palette, string>> = {
  model: "CanvasText",
  tool: "CanvasText",
  faint: "GrayText",
  failed: "Highlight",
  line: "GrayText",
  accent: "Highlight",
  wash: "transparent",
  ink: "CanvasText",
};

/** The theme's colours for a canvas, which knows no variables; read again whenever the theme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const read = () => setPalette(readPalette());
    const media = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(forced-colors: active)")];
    for (const each of media) each.addEventListener("change", read);
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
    read();
    return () => {
      for (const each of media) each.removeEventListener("change", read);
      observer.disconnect();
    };
  }, []);
  return palette;
}

function readPalette(): Palette {
  const tokens = matchMedia("(forced-colors: active)").matches ? FORCED : TOKENS;
  const probe = document.createElement("span");
  probe.hidden = true;
  // Else the system would put a text's colour in place of "transparent".
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  const palette = Object.fromEntries(
    Object.entries(tokens).map(([name, colour]) => {
      probe.style.color = colour;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return palette as unknown as Palette;
}
