import type { ComponentProps } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { texts } from "../texts.ts";
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
  // Several answers stand in one page; headings of theirs must not become headings of it.
  h1: ({ children }) => <Heading level={4}>{children}</Heading>,
  h2: ({ children }) => <Heading level={4}>{children}</Heading>,
  h3: ({ children }) => <Heading level={5}>{children}</Heading>,
  h4: ({ children }) => <Heading level={6}>{children}</Heading>,
  h5: ({ children }) => <Heading level={6}>{children}</Heading>,
  h6: ({ children }) => <Heading level={6}>{children}</Heading>,
  // Footnotes would give ids to the page; their texts stand at the end all the same.
  section: ({ children }) => <div>{children}</div>,
  li: ({ className, children }) => <li className={className}>{children}</li>,
};

function Heading({ level, children }: { level: 4 | 5 | 6; children: React.ReactNode }) {
  const Tag = `h${level}` as const;
  return <Tag>{children}</Tag>;
}

function ImageWords({ alt }: { alt: string | undefined }) {
  return (
    <span className="text-fg-3">
      {alt !== undefined && alt !== "" ? `${alt} ` : ""}({texts.entry.imageNotLoaded})
    </span>
  );
}
