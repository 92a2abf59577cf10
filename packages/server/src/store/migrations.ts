import { AgentPaneError } from "@agentpane/protocol";
import { COMPACTION_SCHEMA } from "./compaction-schema.ts";
import { LIST_SCHEMA } from "./list-schema.ts";
import { PRESENCE_SCHEMA } from "./presence-schema.ts";
import { REQUESTS_SCHEMA } from "./requests-schema.ts";
import { FIRST_SCHEMA } from "./schema.ts";
import { type Db, inTransaction } from "./sqlite.ts";
import { USAGE_SCHEMA } from "./usage-schema.ts";

/** Applied in order, each once; number n is at index n - 1. A released one is never changed. */
const MIGRATIONS: readonly string[] = [
  FIRST_SCHEMA,
  PRESENCE_SCHEMA,
  USAGE_SCHEMA,
  COMPACTION_SCHEMA,
  LIST_SCHEMA,
  REQUESTS_SCHEMA,
];

/** Brings the schema up to date; `store_newer` where a later AgentPane wrote it. */
export function migrate(db: Db): void {
  const { user_version: version } = db.raw.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    throw new AgentPaneError(
      "store_newer",
      `The store has schema ${version}, this AgentPane knows ${MIGRATIONS.length}. Update AgentPane, or take another data folder.`,
    );
  }
  for (let number = version + 1; number <= MIGRATIONS.length; number++) {
    inTransaction(db, () => {
      db.exec(MIGRATIONS[number - 1] ?? "");
      db.exec(`PRAGMA user_version = ${number}`);
    });
  }
}
