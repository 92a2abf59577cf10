import { workerData } from "node:worker_threads";
import { serve } from "../store/thread-server.ts";
import { openWriter, type WriterData } from "./writer-service.ts";

serve(() => openWriter(workerData as WriterData));
