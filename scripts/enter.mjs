/**
 * The one way in: `npm start`, `npm test`, `npm run test:agent`, `npm run bench`, `npm run soak`, `npm run build`, `npm run pack`.
 *
 * No dependencies and no syntax newer than Node 18, because it runs before anything is installed and under whatever Node
 * the person has. It installs what is missing or stale, builds the dashboard where the command needs it, and starts the
 * project's own Node (a dev dependency) by path: a shell that ran the old `node` once keeps it, so `PATH` is not asked.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildDashboard } from "./enter/dashboard.mjs";
import { ensureInstalled } from "./enter/install.mjs";
import { Refusal } from "./enter/refusal.mjs";
import { runEntry } from "./enter/run-entry.mjs";

const MIN_NODE_MAJOR = 18;

/**
 * What each command starts, whether it needs the built dashboard first (`npm test` builds it as a step of its own), and
 * whether it stops when we do (see `runEntry`).
 */
const COMMANDS = {
  start: { entry: ["packages/agentpane/src/main.ts", "up"], dashboard: true, channel: true },
  test: { entry: ["scripts/test.ts"], dashboard: false, channel: false },
  "test:agent": { entry: ["scripts/test-agent.ts"], dashboard: false, channel: false },
  bench: { entry: ["bench/run.ts"], dashboard: true, channel: false },
  soak: { entry: ["e2e/soak.ts"], dashboard: false, channel: false },
  pack: { entry: ["scripts/pack.ts"], dashboard: true, channel: false },
  build: { entry: [], dashboard: true, channel: false },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string | undefined} name @param {string[]} args @returns {Promise<number>} */
async function enter(name, args) {
  const command = COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)];
  if (!command) throw new Refusal(`usage: node scripts/enter.mjs ${Object.keys(COMMANDS).join("|")} [arguments]`);
  if (Number(process.versions.node.split(".")[0]) < MIN_NODE_MAJOR)
    throw new Refusal(
      `Node ${process.versions.node} is too old to set AgentPane up: it needs ${MIN_NODE_MAJOR} or newer.`,
    );
  const node = await ensureInstalled(root);
  if (command.dashboard) await buildDashboard(root, node);
  return command.entry.length === 0 ? 0 : runEntry(root, node, [...command.entry, ...args], command.channel);
}

enter(process.argv[2], process.argv.slice(3)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
