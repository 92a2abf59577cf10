import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useLiveStore } from "../../live/use-live.ts";
import { LIST_SEARCH_KEYS, NO_FILTER } from "../../search.ts";
import { texts } from "../../texts.ts";
import { type Action, isMac } from "../../ui/actions.ts";
import { useActions } from "../../ui/keys.ts";
import { chooseTheme, chosenTheme, THEMES } from "../../ui/theme.ts";
import { groupSessions } from "../sessions/groups.ts";

/** What can be done on every page. */
export function useFrameActions(onKeys: () => void): void {
  const navigate = useNavigate();
  const router = useRouter();
  const store = useLiveStore();
  const search = useSearch({ strict: false });
  const filtered = LIST_SEARCH_KEYS.some((key) => search[key] !== undefined);

  const nextNeed = () => {
    const { need } = groupSessions(store.sessions.values());
    const path = router.state.location.pathname;
    const open = need.findIndex((id) => path === `/sessions/${encodeURIComponent(id)}`);
    const id = need[(open + 1) % need.length];
    if (id !== undefined) void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } });
  };

  const actions: Action[] = [
    { id: "next-need", label: texts.actions.nextNeed, words: texts.actions.nextNeedWords, key: "n", run: nextNeed },
    ...(filtered
      ? [
          {
            id: "clear-filters",
            label: texts.actions.clearFilters,
            run: () => void navigate({ to: ".", search: (before) => ({ ...before, ...NO_FILTER }) }),
          },
        ]
      : []),
    { id: "copy-link", label: texts.actions.copyLink, run: () => void copy(location.href) },
    ...THEMES.filter((theme) => theme !== chosenTheme()).map((theme) => ({
      id: `theme-${theme}`,
      label: texts.actions.theme(texts.theme[theme]),
      words: texts.theme.label,
      run: () => chooseTheme(theme),
    })),
    { id: "keys", label: texts.frame.allKeys, words: texts.keys.title, key: "?", run: onKeys },
    { id: "reload", label: texts.error.reload, words: isMac() ? "⌘R" : "Ctrl R", run: () => location.reload() },
  ];
  useActions(actions);
}

/** Without the right to the clipboard nothing happens, and the address bar has the link. */
async function copy(text: string): Promise<void> {
  await navigator.clipboard?.writeText(text).catch(() => {});
}
