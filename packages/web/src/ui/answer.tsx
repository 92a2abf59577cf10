import { lazy, Suspense } from "react";
import { part } from "../parts.ts";
import { outputText } from "./safe-text.ts";
import "./answer.css";

/** The Markdown reader is the largest part of a session's page; the words are there before it. */
const Markdown = lazy(part(() => import("./markdown.tsx")));

export function Answer({ text }: { text: string }) {
  return (
    <Suspense fallback={<div className="prose whitespace-pre-wrap">{outputText(text)}</div>}>
      <Markdown>{text}</Markdown>
    </Suspense>
  );
}
