import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import { parseSync, Visitor } from "rolldown/utils";

export interface BundleOptions {
  /** Absolute path of the TypeScript entry; becomes `main.js`. */
  entry: string;
  /** Absolute path of the folder for the JavaScript. */
  outDir: string;
  /** Takes the place of `process.env.AGENTPANE_VERSION` and `__AGENTPANE_VERSION__` in the sources. */
  version: string;
}

/**
 * Bundles a program with everything that it imports into JavaScript for Node 24. Worker threads' entries, named in the
 * sources as `new URL("./x.ts", import.meta.url)`, become bundles of their own that share chunks with the program. Throws
 * where anything cannot be resolved: what is not in the bundle would not be there at all. Answers the modules that went in.
 */
export async function bundle(options: BundleOptions): Promise<string[]> {
  const version = JSON.stringify(options.version);
  const build = await rolldown({
    input: { main: options.entry },
    platform: "node",
    plugins: [bundleWorkers()],
    transform: { define: { "process.env.AGENTPANE_VERSION": version, __AGENTPANE_VERSION__: version } },
    onLog(level, log) {
      if (level === "warn") throw new Error(`${log.code ?? "warning"}: ${log.message}`);
    },
  });
  const { output } = await build.write({
    dir: options.outDir,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: false } },
  });
  await build.close();
  return output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
}

/** Emits each worker's entry as a chunk and points its URL there. */
function bundleWorkers(): Plugin {
  return {
    name: "bundle-workers",
    transform(code, id) {
      if (!code.includes("import.meta.url") || !code.includes("new URL(")) return null;
      const edits = workerUrls(id, code).map(({ start, end, path }) => {
        const reference = this.emitFile({ type: "chunk", id: path });
        return { start, end, text: `new URL(import.meta.ROLLUP_FILE_URL_${reference})` };
      });
      if (edits.length === 0) return null;
      let out = code;
      for (const edit of edits.reverse()) out = out.slice(0, edit.start) + edit.text + out.slice(edit.end);
      return { code: out, map: null };
    },
  };
}

function workerUrls(id: string, code: string): { start: number; end: number; path: string }[] {
  const found: { start: number; end: number; path: string }[] = [];
  const { program } = parseSync(id, code);
  new Visitor({
    NewExpression: (node) => {
      const [path, base] = node.arguments;
      if (node.callee.type !== "Identifier" || node.callee.name !== "URL") return;
      if (path?.type !== "Literal" || typeof path.value !== "string" || !path.value.endsWith(".ts")) return;
      if (base?.type !== "MemberExpression" || base.object.type !== "MetaProperty") return;
      const target = resolve(dirname(id), path.value);
      if (!existsSync(target)) throw new Error(`${id} names ${path.value}, which is not there`);
      found.push({ start: node.start, end: node.end, path: target });
    },
  }).visit(program);
  return found;
}
