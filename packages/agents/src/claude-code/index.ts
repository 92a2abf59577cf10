import type { Adapter } from "../adapter.ts";
import { lineContent, lineImage } from "./content.ts";
import { hookAnswer, NO_HOOK_ANSWER } from "./hook-answer.ts";
import { readHookRequest } from "./hook-request.ts";
import { hookState, installHook, SETTINGS_FILE, uninstallHook } from "./hook-settings.ts";
import { hookSigns, isBackgroundSubagent } from "./hook-signs.ts";
import { keep } from "./keep.ts";
import { readSubagentMeta, subagentMetaName, transcriptName } from "./names.ts";
import { readLine } from "./read-line.ts";
import { readRegistry, registryName } from "./registry.ts";

/** Transcripts of Claude Code, 2.0.x to 2.1.330; `docs/claude-code-format.md` is what it was written after. */
export const claudeCode: Adapter = {
  product: "claude-code",
  version: 1,
  readLine,
  keep,
  lineContent,
  lineImage,
  transcriptName,
  subagentMetaName,
  readSubagentMeta,
  registryName,
  readRegistry,
  hook: {
    settingsFile: SETTINGS_FILE,
    planFolder: "plans",
    noAnswer: NO_HOOK_ANSWER,
    readRequest: readHookRequest,
    answer: hookAnswer,
    signs: hookSigns,
    isBackground: isBackgroundSubagent,
    install: installHook,
    uninstall: uninstallHook,
    state: hookState,
  },
};
