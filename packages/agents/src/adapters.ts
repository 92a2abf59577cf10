import type { Product } from "@agentpane/protocol";
import type { Adapter } from "./adapter.ts";
import { claudeCode } from "./claude-code/index.ts";

/** Every product that is understood. */
export const adapters: Record<Product, Adapter> = { "claude-code": claudeCode };
