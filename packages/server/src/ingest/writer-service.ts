import { lockDataFolder, prepareDataFolder } from "../store/folder.ts";
import { storeEpoch } from "../store/meta.ts";
import { migrate } from "../store/migrations.ts";
import type { Service } from "../store/rpc.ts";
import { isDiskFull, openForWriting, storeFull } from "../store/sqlite.ts";
import { WriterOperations } from "./writer.ts";
import { WriterQueue } from "./writer-queue.ts";

/** What the main thread gives the writer. */
export interface WriterData {
  dataDir: string;
  now: number;
}

/** What the writer says of itself when it started. */
export interface WriterFacts {
  storeEpoch: string;
}

/** Locks the folder and opens the store in it; throws by name where it cannot. */
export function openWriter(data: WriterData): Service<WriterFacts> {
  try {
    return openIn(data);
  } catch (error) {
    throw isDiskFull(error) ? storeFull(error) : error;
  }
}

function openIn({ dataDir, now }: WriterData): Service<WriterFacts> {
  const files = prepareDataFolder(dataDir);
  using undo = new DisposableStack();
  undo.use(lockDataFolder(files, dataDir));
  const db = openForWriting(files.database);
  undo.defer(() => db.raw.close());
  migrate(db);
  const operations = new WriterOperations(db, now);
  // What changed by time alone while no server ran, before anybody reads it.
  operations.sweep(now);
  const facts = { storeEpoch: storeEpoch(db) };
  const held = undo.move();
  const queue = new WriterQueue(operations, () => held.dispose());
  return { facts, take: (call, answer) => queue.take(call, answer) };
}
