import { parentPort, workerData } from "node:worker_threads";
import { doWork, type SharedWork, type WorkResult } from "./shared-work.ts";

const { tally, counts, unreadable } = doWork(workerData as SharedWork);
const { message, transfer } = tally.message();
parentPort?.postMessage({ tally: message, counts, unreadable } satisfies WorkResult, transfer);
