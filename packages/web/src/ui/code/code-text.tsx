import { useEffect, useRef } from "react";
import { tokensIn } from "./highlighter.ts";
import { canPaint, paintTokens } from "./paint.ts";

/** Code in its colours, once they are known; the words are there at once and never move. */
export function CodeText({ language, text }: { language: string; text: string }) {
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!canPaint()) return;
    let unpaint = () => {};
    let gone = false;
    void tokensIn(language, text).then((tokens) => {
      const node = code.current?.firstChild;
      if (!gone && node instanceof Text && node.data === text) unpaint = paintTokens(node, tokens);
    });
    return () => {
      gone = true;
      unpaint();
    };
  }, [language, text]);
  return <code ref={code}>{text}</code>;
}
