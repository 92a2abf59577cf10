import type { Figure } from "../lib/figures.ts";
import { backfill } from "./backfill.ts";
import { firstPage } from "./first-page.ts";
import { hookHeld } from "./hook-held.ts";
import { idle } from "./idle.ts";
import { list } from "./list.ts";
import { live } from "./live.ts";
import { pageList } from "./page-list.ts";
import { ended, presence } from "./presence.ts";
import { requestRoundtrip } from "./request-roundtrip.ts";
import { restart } from "./restart.ts";
import { scan } from "./scan.ts";
import { tail } from "./tail.ts";
import { transcriptPage } from "./transcript-page.ts";
import { usageYear } from "./usage-year.ts";

/** By the name that `npm run bench -- NAME` takes. */
export const BENCHES: Record<string, () => Promise<Figure[]>> = {
  backfill,
  "first-page": firstPage,
  restart,
  live,
  list,
  tail,
  idle,
  presence,
  ended,
  "usage-year": usageYear,
  scan,
  "page-list": pageList,
  "transcript-page": transcriptPage,
  hook: hookHeld,
  requests: requestRoundtrip,
};
