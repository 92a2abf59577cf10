import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Marks stand so far apart: no more than a phone in landscape shows at once. */
const STEP_PX = 160;

/**
 * Tells when all of its content has been on screen, in whatever order and however it scrolls: each of the marks along its
 * height was. What grows has to be seen to its new end.
 */
export function SeenWhole({ onWhole, children }: { onWhole(whole: boolean): void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const height = useHeight(box);
  const marks = marksOf(height);
  const [seen, setSeen] = useState<ReadonlySet<number>>(NOTHING);
  const observer = useRef<IntersectionObserver | null>(null);
  const whole = height !== null && marks.every((mark) => seen.has(mark));
  const told = useRef(onWhole);
  useEffect(() => {
    told.current = onWhole;
  });
  useEffect(() => told.current(whole), [whole]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other marks stand there at another height
  useEffect(() => {
    const watching = new IntersectionObserver((entries) => {
      const came = entries.filter((entry) => entry.isIntersecting).map((entry) => placeOf(entry.target));
      if (came.length > 0) setSeen((before) => new Set([...before, ...came]));
    });
    observer.current = watching;
    for (const mark of box.current?.querySelectorAll("[data-mark]") ?? []) watching.observe(mark);
    return () => watching.disconnect();
  }, [height]);

  return (
    <div ref={box} className="relative">
      {children}
      {marks.map((mark) => (
        <span
          key={mark}
          aria-hidden="true"
          data-mark={mark}
          className="pointer-events-none absolute left-0 size-px"
          style={{ top: mark }}
        />
      ))}
    </div>
  );
}

const NOTHING: ReadonlySet<number> = new Set();

function placeOf(mark: Element): number {
  return Number((mark as HTMLElement).dataset.mark);
}

/** Every step from the top, and the last line of pixels. */
function marksOf(height: number | null): number[] {
  if (height === null) return [];
  const end = Math.max(0, Math.floor(height) - 1);
  const steps = Array.from({ length: Math.floor(end / STEP_PX) }, (_, step) => (step + 1) * STEP_PX);
  return [...new Set([0, ...steps, end])];
}

/** Null before it was measured. */
function useHeight(box: React.RefObject<HTMLElement | null>): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setHeight(element.offsetHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return height;
}
