import { useEffect } from "react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { waitingOf } from "./pages.ts";
import { signIcon } from "./sign-icon.ts";

/** What the browser's own tab says while another one is looked at: how many need a person. */
export function useSign(): void {
  const needs = useLive(waitingOf);
  useEffect(() => {
    document.title = needs > 0 ? texts.frame.titleCount(needs) : texts.product;
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link !== null) link.href = needs > 0 ? signIcon(needs) : PLAIN_ICON;
  }, [needs]);
}

const PLAIN_ICON = "/icon.svg";
