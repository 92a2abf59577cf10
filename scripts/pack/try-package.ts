import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNpm } from "../enter/npm.mjs";
import { type Gate, type Outcome, seconds } from "../gate/step.ts";
import { PUBLISHED, type Published, workspaceVersion } from "./packages.ts";
import { runInstalled, startProduct } from "./product.ts";
import { packPackage, readManifest } from "./stage.ts";
import { tryRun } from "./try-run.ts";
import { tryScan } from "./try-scan.ts";

const INSTALL_TIMEOUT_MS = 2 * 60_000;
const SESSION_SEEN_WITHIN_MS = 20_000;
/** A shutdown takes 5 s at most; the rest is for a machine that does other things besides. */
const STOPPED_WITHIN_MS = 10_000;
const POLL_MS = 100;
const SESSION = "6f1d2c1e-8a55-4f0b-9d5e-0c6a6f1f7a10";

/** Each thing that has to be true of the tarballs counts as one. */
class Findings {
  passed = 0;
  readonly problems: string[] = [];

  check(good: boolean, what: string, detail = ""): boolean {
    if (good) this.passed++;
    else this.problems.push(`${what}\n${detail}`.trimEnd());
    return good;
  }
}

/** Packs everything, installs it without a network in empty folders, and starts it in a home of its own. */
export async function tryPackages(gate: Gate): Promise<Outcome> {
  const found = new Findings();
  const notes: string[] = [];
  const version = workspaceVersion(gate.root);
  for (const published of PUBLISHED) {
    const tarball = await packPackage(gate.root, published, join(gate.scratch, "packed"));
    notes.push(`${published.name} ${Math.round(statSync(tarball).size / 1024)} KiB`);
    const folder = await install(gate, published, tarball, found);
    if (folder === null) continue;
    checkContents(folder, published, found);
    await checkVersion(gate, folder, published, version, found);
    if (!published.dashboard) continue;
    const wrong = await tryScan(gate, folder, published);
    found.check(wrong === "", "agentpane usage --scan does not count what it should", wrong);
    const notInTerminal = await tryRun(gate, published, tarball);
    found.check(notInTerminal === "", "agentpane run does not run in a terminal of its own", notInTerminal);
    notes.push(await checkStart(gate, folder, found));
  }
  return {
    passed: found.passed,
    failed: found.problems.length,
    output: found.problems.join("\n\n"),
    note: notes.join(", "),
  };
}

async function install(gate: Gate, published: Published, tarball: string, found: Findings): Promise<string | null> {
  const folder = join(gate.scratch, "installed", published.folder);
  mkdirSync(folder, { recursive: true });
  // Without it npm would look for a project in the folders above.
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--offline", "--no-audit", "--no-fund", tarball];
  const options = { cwd: folder, env: { ...gate.env, npm_config_cache: join(gate.scratch, "npm-cache") } };
  const { code, output } = await runNpm(`installing ${published.name}`, args, {
    ...options,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  const good = found.check(code === 0, `${published.name} does not install without a network`, output);
  return good ? join(folder, "node_modules", ...published.name.split("/")) : null;
}

function checkContents(folder: string, published: Published, found: Findings): void {
  const manifest = readManifest(folder);
  const wanted = ["dependencies", "devDependencies", "scripts", "private"].filter(
    (field) => manifest[field] !== undefined,
  );
  found.check(wanted.length === 0, `${published.name} is published with ${wanted.join(", ")}`);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files.filter(
    (path) => /\.(ts|tsx|map|db)$/.test(path) || /(^|[\\/])(node_modules|\.stamp)/.test(path),
  );
  found.check(sources.length === 0, `${published.name} contains what is not published`, sources.join("\n"));
}

async function checkVersion(
  gate: Gate,
  folder: string,
  published: Published,
  version: string,
  found: Findings,
): Promise<void> {
  const { code, output } = await runInstalled(gate, folder, published, ["version"]);
  found.check(code === 0 && output.includes(version), `${published.name} does not know its version`, output);
}

/** Starts the product on one session, looks at it from outside, and stops it. */
async function checkStart(gate: Gate, folder: string, found: Findings): Promise<string> {
  const home = join(gate.scratch, "installed", "home");
  const project = join(home, ".claude", "projects", "-home-dev-shop");
  mkdirSync(project, { recursive: true });
  cpSync(fixture(gate.root), join(project, `${SESSION}.jsonl`));
  await using product = await startProduct(gate, folder, home);
  const { origin } = product;
  if (!found.check(origin !== null, "agentpane up does not say where it runs", product.output()))
    return "did not start";
  const started = seconds(product.startMs);
  const health = await get(`${origin}/healthz`);
  found.check(health.status === 200, "GET /healthz is not answered", `${health.status} ${health.text}`);
  const page = await get(`${origin}/`);
  const script = /<script[^>]+src="([^"]+)"/.exec(page.text)?.[1];
  found.check(page.status === 200 && script !== undefined, "GET / is not the dashboard", `${page.status} ${page.text}`);
  const code = await get(`${origin}${script ?? "/none.js"}`);
  found.check(
    code.status === 200 && /javascript/.test(code.type),
    "the dashboard's script is not served",
    `${code.status} ${code.type}`,
  );
  const list = await until(SESSION_SEEN_WITHIN_MS, async () => {
    const answer = await product.run(["sessions", "--json"]);
    return { good: answer.output.includes(SESSION), detail: answer.output };
  });
  found.check(list.good, "the session on disk is not in the list", `${list.detail}\n${product.output()}`);
  const ended = await product.stop(STOPPED_WITHIN_MS);
  found.check(ended === 0, "agentpane up does not stop on SIGTERM", `exit code ${ended}\n${product.output()}`);
  return `up in ${started}`;
}

/** The smallest transcript of the real client that has a turn in it. */
function fixture(root: string): string {
  const folder = join(root, "fixtures", "claude-code-2.1.330", "projects", "-home-dev-shop");
  const transcripts = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path, "utf8").includes('"type":"assistant"'))
    .sort((a, b) => statSync(a).size - statSync(b).size);
  const [smallest] = transcripts;
  if (!smallest) throw new Error(`no transcript in ${folder}`);
  return smallest;
}

async function get(url: string): Promise<{ status: number; type: string; text: string }> {
  try {
    const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, type: answer.headers.get("content-type") ?? "", text: await answer.text() };
  } catch (error) {
    return { status: 0, type: "", text: String(error) };
  }
}

async function until<Look extends { good: boolean }>(deadlineMs: number, look: () => Promise<Look>): Promise<Look> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen.good || Date.now() > end) return seen;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
