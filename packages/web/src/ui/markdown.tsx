import { type ComponentProps, Fragment, isValidElement, type ReactNode, useEffect, useMemo, useState } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { copyTexts } from "../texts/copy.ts";
import { entryTexts } from "../texts/entry.ts";
import { CodeText } from "./code/code-text.tsx";
import { CopyText } from "./copy-text.tsx";
import { markdownPieces } from "./markdown-pieces.ts";
import { outputText } from "./safe-text.ts";

/** Answers that were read are kept: scrolling back must not read them again. */
const MAX_KEPT_CHARS = 2_000_000;
/** Pieces of a long answer that are read at once; the others when the browser has time. */
const PIECES_AT_ONCE = 2;

/**
 * The agent's Markdown. It is hostile text: HTML in it is shown as the text that it is, an image is never fetched, and a
 * link leads to the web or nowhere.
 */
export default function Markdown({ children }: { children: string }) {
  const pieces = useMemo(() => markdownPieces(outputText(children)), [children]);
  const read = usePiecesRead(pieces);
  return (
    <div className="prose" dir="auto">
      {pieces.map((piece, index) =>
        index < read ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one answer never change their order
          <Fragment key={index}>{readPiece(piece)}</Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <div key={index} className="whitespace-pre-wrap">
            {piece}
          </div>
        ),
      )}
    </div>
  );
}

/** How many pieces are shown as Markdown by now. */
function usePiecesRead(pieces: readonly string[]): number {
  const [read, setRead] = useState(PIECES_AT_ONCE);
  const rest = pieces.length > read;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one piece read is the reason to read the next
  useEffect(() => {
    if (!rest) return;
    const more = () => setRead((count) => count + 1);
    // Safari has no idle callback.
    if (!("requestIdleCallback" in window)) {
      const id = setTimeout(more, 30);
      return () => clearTimeout(id);
    }
    const id = requestIdleCallback(more, { timeout: 500 });
    return () => cancelIdleCallback(id);
  }, [rest, read]);
  return read;
}

const kept = new Map<string, ReactNode>();
let keptChars = 0;

function readPiece(text: string): ReactNode {
  const known = kept.get(text);
  const element =
    known ??
    ReactMarkdown({
      remarkPlugins: PLUGINS,
      components: COMPONENTS,
      urlTransform: webAddress,
      children: text,
    });
  if (known === undefined) keptChars += text.length;
  else kept.delete(text);
  kept.set(text, element);
  for (const oldest of kept.keys()) {
    if (keptChars <= MAX_KEPT_CHARS) break;
    kept.delete(oldest);
    keptChars -= oldest.length;
  }
  return element;
}

const PLUGINS = [remarkGfm];

/** The address itself where it is of the web, else none. */
function webAddress(url: string): string | null {
  return /^https?:\/\//i.test(url) ? url : null;
}

const COMPONENTS: Components = {
  a: ({ node: _node, href, children }) =>
    href === undefined || href === null || href === "" ? (
      <span>{children}</span>
    ) : (
      <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ),
  pre: ({ node: _node, children }) => <CodeBlock>{children}</CodeBlock>,
  img: ({ alt }) => <ImageWords alt={alt} />,
  input: ({ node: _node, ...props }: ComponentProps<"input"> & { node?: unknown }) => (
    <input {...props} className="mr-1.5 align-[-1px]" aria-hidden="true" tabIndex={-1} />
  ),
  // Under the heading of the session; agents begin with the first level or the second.
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h2>{children}</h2>,
  h3: ({ children }) => <h3>{children}</h3>,
  h4: ({ children }) => <h4>{children}</h4>,
  h5: ({ children }) => <h4>{children}</h4>,
  h6: ({ children }) => <h4>{children}</h4>,
  // Footnotes would give ids to the page; their texts stand at the end all the same.
  section: ({ children }) => <div>{children}</div>,
  li: ({ className, children }) => <li className={className}>{children}</li>,
};

/** A block of code, in its colours and to be copied. */
function CodeBlock({ children }: { children?: ReactNode }) {
  const inner = isValidElement<{ className?: string; children?: ReactNode }>(children) ? children.props : null;
  if (inner === null || typeof inner.children !== "string") return <pre>{children}</pre>;
  const language = /\blanguage-(\S+)/.exec(inner.className ?? "")?.[1] ?? "";
  return (
    <div className="code-block">
      <pre>
        <CodeText language={language} text={inner.children} />
      </pre>
      <CopyText text={inner.children.replace(/\n$/, "")} label={copyTexts.code} />
    </div>
  );
}

function ImageWords({ alt }: { alt: string | undefined }) {
  return (
    <span className="text-fg-3">
      {alt !== undefined && alt !== "" ? `${alt} ` : ""}({entryTexts.imageNotLoaded})
    </span>
  );
}
