import type { EventContent, SessionEvent } from "@agentpane/protocol";
import { ImageIcon } from "lucide-react";
import { useState } from "react";
import { useServices } from "../../services.ts";
import { entryTexts } from "../../texts/entry.ts";
import { Button } from "../../ui/controls.tsx";
import { formatBytes } from "../../ui/format.ts";

type Shown = NonNullable<EventContent["images"]>[number];

/** The images of an event, each fetched when somebody asks for it, from our own store and from nowhere else. */
export function Images({ event }: { event: SessionEvent }) {
  const images = event.content?.images ?? [];
  const { place, session, subagent } = event;
  if (images.length === 0 || place === undefined) return null;
  return (
    <div className="grid justify-items-start gap-1 py-1">
      {images.map((image, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the images of one event never change their order
        <OneImage key={n} image={image} request={{ session, subagent, place, n }} />
      ))}
    </div>
  );
}

interface OneImageProps {
  image: Shown;
  request: { session: string; subagent: string | null; place: string; n: number };
}

function OneImage({ image, request }: OneImageProps) {
  const { api } = useServices();
  const [state, setState] = useState<{ kind: "closed" | "loading" | "failed" } | { kind: "open"; src: string }>({
    kind: "closed",
  });
  const about = `${image.mediaType}, ${formatBytes(image.bytes)}`;
  if (state.kind === "open") {
    return (
      <button type="button" title={entryTexts.hideImage} onClick={() => setState({ kind: "closed" })}>
        <img src={state.src} alt={about} className="max-h-96 max-w-full rounded-m border border-line" />
      </button>
    );
  }
  const show = () => {
    setState({ kind: "loading" });
    api.image(request).then(
      ({ mediaType, base64 }) => setState({ kind: "open", src: `data:${mediaType};base64,${base64}` }),
      () => setState({ kind: "failed" }),
    );
  };
  return (
    <Button className="h-6! px-2! text-xs! max-desk:h-9!" disabled={state.kind === "loading"} onClick={show}>
      <ImageIcon aria-hidden size={13} />
      {state.kind === "failed" ? entryTexts.imageFailed(about) : entryTexts.showImage(about)}
    </Button>
  );
}
