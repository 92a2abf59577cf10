import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AgentPaneError } from "@agentpane/protocol";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { HttpDeps } from "./deps.ts";

/** Names of files under it contain their own hash, so they never change. */
const HASHED_FOLDER = "assets/";
const YEAR_SECONDS = 31_536_000;
const NOT_BUILT = `AgentPane's server runs, but its dashboard is not built.

In a checkout:  npm start            (builds what is missing, then starts)
or:             npm run build -w packages/web

The API answers under /api/v1 meanwhile.
`;

/** The dashboard: its files as they are, and `index.html` for every path that is the page's own. */
export async function pageRoutes(app: FastifyInstance, { webRoot }: HttpDeps): Promise<void> {
  if (webRoot !== null) await app.register(fastifyStatic, { serve: false, root: webRoot });

  app.get<{ Params: { "*": string } }>("/*", async (request, reply) => {
    const path = request.params["*"];
    if (path === "api" || path.startsWith("api/")) return reply.callNotFound();
    if (webRoot === null || !(await isFile(join(webRoot, "index.html")))) {
      return reply.type("text/plain; charset=utf-8").header("cache-control", "no-store").send(NOT_BUILT);
    }
    if (path !== "" && isPlain(path) && (await isFile(join(webRoot, path)))) return sendFile(reply, path);
    // A missing file must not come as HTML under a script's name; a page's path has no extension.
    if (path.startsWith(HASHED_FOLDER) || /\.[a-z0-9]{2,5}$/i.test(path)) {
      throw new AgentPaneError("not_found", "There is no such file.");
    }
    return sendFile(reply, "index.html");
  });
}

function sendFile(reply: FastifyReply, path: string): FastifyReply {
  const hashed = path.startsWith(HASHED_FOLDER);
  reply.header("cache-control", hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache");
  return reply.sendFile(path, { cacheControl: false });
}

/** Below the root and nothing hidden: no `..`, no dot files, no backslash, no NUL. */
function isPlain(path: string): boolean {
  return path.split("/").every((part) => /^[A-Za-z0-9_@-][A-Za-z0-9_.@-]*$/.test(part));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
