import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** What npm tells the scripts that it runs; a nested npm would take it for its own settings. */
const NPM_NOISE =
  /^(npm_(lifecycle|package)_|npm_config_(local_prefix|prefix|global|workspace)|npm_command$|INIT_CWD$)/i;

/**
 * The environment of every child of the gate: home, agent folder and our own folders are below `scratch`, so that nothing a
 * test does can read or write what is the person's.
 */
export function testEnvironment(root: string, scratch: string, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const home = join(scratch, "home");
  const temp = join(scratch, "t");
  mkdirSync(home, { recursive: true });
  mkdirSync(temp, { recursive: true });
  const kept = Object.entries(inherited).filter(
    ([name]) => !NPM_NOISE.test(name) && !/^(CLAUDE|AGENTPANE)_/.test(name),
  );
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temp,
    TMP: temp,
    TEMP: temp,
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    CLAUDE_CONFIG_DIR: join(home, ".claude"),
    AGENTPANE_DATA: join(scratch, "agentpane-data"),
    AGENTPANE_STATE: join(scratch, "agentpane-state"),
    PLAYWRIGHT_BROWSERS_PATH: inherited.PLAYWRIGHT_BROWSERS_PATH ?? join(root, ".cache", "ms-playwright"),
    NODE_COMPILE_CACHE: join(scratch, "compile-cache"),
    NO_COLOR: "1",
  };
  delete env.FORCE_COLOR;
  return env;
}
