import { workerData } from "node:worker_threads";
import { lockDataFolder, prepareDataFolder } from "../store/folder.ts";
import { storeEpoch } from "../store/meta.ts";
import { migrate } from "../store/migrations.ts";
import { openForWriting } from "../store/sqlite.ts";
import { announce, answerCalls } from "../store/thread-server.ts";
import { WriterOperations } from "./writer.ts";
import { WriterQueue } from "./writer-queue.ts";

/** What the main thread gives this one. */
export interface WriterThreadData {
  dataDir: string;
  now: number;
}

announce(() => {
  const { dataDir, now } = workerData as WriterThreadData;
  const files = prepareDataFolder(dataDir);
  const lock = lockDataFolder(files, dataDir);
  const db = openForWriting(files.database);
  migrate(db);
  const operations = new WriterOperations(db, now);
  // What changed by time alone while no server ran, before anybody reads it.
  operations.sweep(now);
  const queue = new WriterQueue(operations, () => {
    db.raw.close();
    lock[Symbol.dispose]();
  });
  answerCalls((call, answer) => queue.take(call, answer));
  return { storeEpoch: storeEpoch(db) };
});
