import { z } from "zod";

// The page's security policy forbids building functions from text. Zod looks for that ability when a schema is made, so
// this module stands before every import that makes one.
z.config({ jitless: true });
