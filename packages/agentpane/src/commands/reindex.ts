import { reindexAnswer } from "@agentpane/protocol";
import { requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { print, printJson, say } from "../terminal/print.ts";

export async function reindex(settings: Settings): Promise<void> {
  const server = requireServer(settings);
  if (!settings.json) say("Rebuilding events and states from the kept originals; the server goes on answering.");
  const answer = reindexAnswer.parse(await server.call("POST", "/reindex"));
  if (settings.json) printJson(answer);
  else
    print(`Rebuilt ${answer.events} events of ${answer.sources} transcripts; ${answer.failed} could not be rebuilt.`);
  // Told to whoever runs this in a script, too.
  if (answer.failed > 0) process.exitCode = 1;
}
