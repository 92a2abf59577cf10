import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Keeps compiled code from one start to the next, which saves most of the time that a start takes. Worker threads and the
 * monitor find the place in the environment. Not in the shared temporary folder that Node would take by itself: what lies
 * there could be put there by another user, and is run.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  env.NODE_COMPILE_CACHE ??= compileCacheFolder(env, import.meta.filename);
  enableCompileCache(env.NODE_COMPILE_CACHE);
}

/** In a checkout beside the installed libraries, so that it goes with them; for a published program the user's own cache. */
export function compileCacheFolder(env: NodeJS.ProcessEnv, program: string, platform = process.platform): string {
  if (program.endsWith(".ts")) return join(program, "..", "..", "..", "..", "node_modules", ".cache", "agentpane");
  const home = env.HOME ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Caches", "AgentPane");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "AgentPane", "Cache");
  return join(env.XDG_CACHE_HOME ?? join(home, ".cache"), "agentpane");
}
