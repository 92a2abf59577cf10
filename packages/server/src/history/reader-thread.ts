import { workerData } from "node:worker_threads";
import { serve } from "../store/thread-server.ts";
import { openReader, type ReaderData } from "./reader-service.ts";

serve(() => openReader(workerData as ReaderData));
