import { actionsTexts } from "./texts/actions.ts";
import { copyTexts } from "./texts/copy.ts";
import { firstRunTexts } from "./texts/first-run.ts";
import { connectionTexts, errorTexts, frameTexts, notFoundTexts, splitTexts, themeTexts } from "./texts/frame.ts";
import { keysTexts } from "./texts/keys.ts";
import { machinesTexts } from "./texts/machines.ts";
import { sessionsTexts } from "./texts/sessions.ts";
import { signInTexts } from "./texts/sign-in.ts";
import { spendTexts } from "./texts/spend.ts";
import { statusTexts } from "./texts/status.ts";
import { toastsTexts } from "./texts/toasts.ts";

/**
 * Every text of the first sight. Each feature's texts are a file of their own in `texts/`; what is loaded later
 * imports its own file, so that its texts come with it. What needs a number or a name is a function; nothing else in
 * the page puts sentences together.
 */
export const texts = {
  product: "AgentPane",
  status: statusTexts,
  frame: frameTexts,
  connection: connectionTexts,
  theme: themeTexts,
  machines: machinesTexts,
  sessions: sessionsTexts,
  firstRun: firstRunTexts,
  spend: spendTexts,
  copy: copyTexts,
  keys: keysTexts,
  signIn: signInTexts,
  error: errorTexts,
  notFound: notFoundTexts,
  toasts: toastsTexts,
  actions: actionsTexts,
  split: splitTexts,
} as const;
