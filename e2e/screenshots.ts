/**
 * `screenshots.ts [PATTERN]`: takes the pictures of `docs/screenshots/`, or those whose file name matches, from the running
 * product: real server, real monitor, the real client's transcripts from `fixtures/`, generated and told sessions in every
 * state, and machines in every state. Run it with the dashboard built. What cannot be taken is said and fails the run.
 */
import { join } from "node:path";
import { Product, REPOSITORY } from "@agentpane/testkit";
import { ManySessions } from "../bench/lib/many-sessions.ts";
import { Camera, type Shot } from "./screenshots/camera.ts";
import { AWAY, FIRST_RUN, NO_MONITOR, shotsOf, TEN_THOUSAND } from "./screenshots/shots.ts";
import { World } from "./screenshots/world.ts";

const SESSIONS = 10_000;

await using camera = await Camera.open(join(REPOSITORY, "docs", "screenshots"), new RegExp(process.argv[2] ?? "."));
await of(NO_MONITOR, async () => {});
await of(FIRST_RUN, async (product) => {
  product.startMonitor(await product.addMachine("workbench"));
});
await of(TEN_THOUSAND, async (product) => {
  await ManySessions.in(product, SESSIONS);
});
await using world = await World.make();
await camera.take(world.product, shotsOf(world));
await camera.takeAfter(world.product, AWAY, async () => {
  await world.product.server?.kill();
});

/** Pictures of a product of their own. */
async function of(shots: readonly Shot[], prepare: (product: Product) => Promise<void>): Promise<void> {
  if (!camera.wants(shots)) return;
  await using product = new Product("screenshots");
  await product.startServer();
  await prepare(product);
  await camera.take(product, shots);
}
