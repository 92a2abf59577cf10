import { highlight } from "./highlight.ts";
import type { Token } from "./tokens.ts";

export interface HighlightRequest {
  id: number;
  language: string;
  code: string;
}
export interface HighlightAnswer {
  id: number;
  tokens: Token[];
}

/** Runs in a thread of its own: hostile code may keep a highlighter busy for long. */
self.addEventListener("message", ({ data }: MessageEvent<HighlightRequest>) => {
  const answer: HighlightAnswer = { id: data.id, tokens: highlight(data.language, data.code) };
  self.postMessage(answer);
});
