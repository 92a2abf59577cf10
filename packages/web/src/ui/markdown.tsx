import type { ComponentProps } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { entryTexts } from "../texts/entry.ts";
import { outputText } from "./safe-text.ts";

/**
 * The agent's Markdown. It is hostile text: HTML in it is shown as the text that it is, an image is never fetched, and a
 * link leads to the web or nowhere.
 */
export default function Markdown({ children }: { children: string }) {
  return (
    <div className="prose" dir="auto">
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={webAddress}>
        {outputText(children)}
      </ReactMarkdown>
    </div>
  );
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

function ImageWords({ alt }: { alt: string | undefined }) {
  return (
    <span className="text-fg-3">
      {alt !== undefined && alt !== "" ? `${alt} ` : ""}({entryTexts.imageNotLoaded})
    </span>
  );
}
