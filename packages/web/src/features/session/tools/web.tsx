import { Command, Words } from "../../../ui/text.tsx";
import type { Call } from "../entries.ts";
import { textOf } from "../read-input.ts";
import { Block, Outcome, ResultPart } from "./block.tsx";

/** WebFetch and WebSearch: where it looked, what for, and what came back. Nothing is fetched unless the link is followed. */
export function WebBlock({ call }: { call: Call }) {
  const input = call.event?.content?.input;
  const url = textOf(input, "url");
  const asked = textOf(input, "query") ?? url ?? call.event?.summary ?? "";
  const prompt = textOf(input, "prompt");
  return (
    <Block
      tool={call.tool ?? "WebFetch"}
      name={call.tool}
      about={
        <code title={asked}>
          {url !== null && isOfTheWeb(url) ? (
            <a href={url} target="_blank" rel="noopener noreferrer nofollow" className="text-accent hover:underline">
              <Command>{url}</Command>
            </a>
          ) : (
            <Command>{asked}</Command>
          )}
        </code>
      }
      end={<Outcome call={call} />}
    >
      {prompt !== null && (
        <p className="block-part px-3 py-1 text-fg-2 text-s [overflow-wrap:anywhere]">
          <Words>{prompt}</Words>
        </p>
      )}
      <ResultPart call={call} />
    </Block>
  );
}

function isOfTheWeb(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
