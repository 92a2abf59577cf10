import type { SessionStatus } from "@agentpane/protocol";
import { texts } from "../texts.ts";

export type GlyphShape = SessionStatus | "plan";

const INK: Record<GlyphShape, string> = {
  approval: "text-approval-fill",
  plan: "text-approval-fill",
  question: "text-question-fill",
  error: "text-error-fill",
  working: "text-working-fill",
  ready: "text-ready",
  ended: "text-ended",
  unknown: "text-ended",
};

/** A status by its own outline, readable at 16 px and without colour. Named unless the words stand beside it. */
export function Glyph({ shape, named = true, size = 16 }: { shape: GlyphShape; named?: boolean; size?: number }) {
  const naming = named ? ({ role: "img", "aria-label": texts.status[shape] } as const) : { "aria-hidden": true };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it is named or hidden by what is spread
    <svg
      {...naming}
      className={`flex-none ${INK[shape]}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {SHAPES[shape]}
    </svg>
  );
}

const CUT = "var(--on-status)";

const SHAPES: Record<GlyphShape, React.ReactNode> = {
  approval: (
    <>
      <path d="M8 2.4 14.4 13.4H1.6Z" fill="currentColor" strokeWidth="1.8" />
      <path d="M8 6.2v3.3M8 11.7v.1" stroke={CUT} strokeWidth="1.7" />
    </>
  ),
  plan: (
    <>
      <path d="M3.6 1.6h5.9l3.1 3.1v9.7h-9Z" fill="currentColor" strokeWidth="1.4" />
      <path d="M5.8 6.7h3M5.8 9.1h4.4M5.8 11.5h4.4" stroke={CUT} strokeWidth="1.3" />
    </>
  ),
  question: (
    <>
      <path d="M8 1.3 14.7 8 8 14.7 1.3 8Z" fill="currentColor" strokeWidth="1.4" />
      <path d="M6.3 6.6a1.7 1.7 0 1 1 2.5 1.5c-.55.3-.8.6-.8 1.1M8 11.2v.1" stroke={CUT} strokeWidth="1.5" />
    </>
  ),
  error: (
    <>
      <path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Z" fill="currentColor" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" stroke={CUT} strokeWidth="1.6" />
    </>
  ),
  working: (
    <>
      <circle cx="8" cy="8" r="3" fill="currentColor" stroke="none" />
      <path className="turning" d="M8 1.8A6.2 6.2 0 1 1 1.8 8" strokeWidth="1.5" />
    </>
  ),
  ready: <path d="m3 4 4.1 4L3 12M8.8 12.2h4.4" strokeWidth="1.7" />,
  ended: <rect x="3.8" y="3.8" width="8.4" height="8.4" rx="1.5" strokeWidth="1.5" />,
  unknown: <circle cx="8" cy="8" r="5.5" strokeWidth="1.6" strokeDasharray="2.2 2.12" strokeLinecap="butt" />,
};
