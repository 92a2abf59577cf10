import { join } from "node:path";
import {
  arrowsCommand,
  budgetCommand,
  formatCommand,
  hygieneCommand,
  knipCommand,
  lintCommand,
  playwrightCommand,
  playwrightEnvironment,
  typesCommand,
  vitestCommand,
} from "../gate/commands.ts";
import type { Scratch } from "./scratch.ts";

interface Break {
  /** What is wrong with the copy. */
  name: string;
  /** Breaks the copy in this one way, and answers what mends it. */
  apply(scratch: Scratch): () => void;
  /** What the checker has to say: failing for another reason is no proof. */
  says: RegExp;
}

export interface CanaryCase {
  checker: string;
  /** Arguments to Node, run in the copy. */
  command(root: string): string[];
  env?(root: string): Record<string, string>;
  /** Puts there what the checker needs in order to have something to pass. */
  prepare?(scratch: Scratch): void;
  breaks: Break[];
}

/** The name that every planted file carries. */
const CANARY = "canary-in-the-copy";

const plant = (name: string, path: string, text: string, says: RegExp): Break => ({
  name,
  apply: (scratch) => scratch.write(path.replace("CANARY", CANARY), text),
  says,
});

const PASSING_TEST = 'import { expect, test } from "vitest";\ntest("one is one", () => expect(1).toBe(1));\n';
const PASSING_SPEC = `import { expect, test } from "@playwright/test";
test("a page shows its heading", async ({ page }) => {
  await page.setContent("<h1>one</h1>");
  await expect(page.locator("h1")).toHaveText("one", { timeout: 1000 });
});
`;

export const CANARY_CASES: readonly CanaryCase[] = [
  {
    checker: "format",
    command: formatCommand,
    breaks: [
      plant(
        "a file is indented with six spaces",
        "scripts/CANARY.ts",
        "if (true) {\n      void 0;\n}\n",
        /canary-in-the-copy\.ts.*format/s,
      ),
      plant(
        "imports are out of order",
        "scripts/CANARY.ts",
        'import { join } from "node:path";\nimport { readFileSync } from "node:fs";\n\nvoid [join, readFileSync];\n',
        /canary-in-the-copy\.ts.*organizeImports/s,
      ),
    ],
  },
  {
    checker: "lint",
    command: lintCommand,
    breaks: [
      plant("a variable is unused", "scripts/CANARY.ts", "const a = 1;\n", /noUnusedVariables/),
      plant("something prints to the console", "packages/server/src/CANARY.ts", 'console.log("a");\n', /noConsole/),
    ],
  },
  {
    checker: "types of protocol",
    command: (root) => typesCommand(root, "packages/protocol"),
    breaks: [
      plant("a string is a number", "packages/protocol/src/CANARY.ts", 'export const a: number = "a";\n', /TS2322/),
      plant(
        "protocol uses Node",
        "packages/protocol/src/CANARY.ts",
        "export const a = process.cwd();\n",
        /TS2591|TS2304|TS2580/,
      ),
      plant(
        "protocol uses the DOM",
        "packages/protocol/src/CANARY.ts",
        "export const a = document.title;\n",
        /TS2584|TS2304/,
      ),
      plant("an enum is not erasable", "packages/protocol/src/CANARY.ts", "export enum A {\n  B,\n}\n", /TS1294/),
    ],
  },
  {
    checker: "types of server",
    command: (root) => typesCommand(root, "packages/server"),
    breaks: [
      plant(
        "server uses the DOM",
        "packages/server/src/CANARY.ts",
        "export const a = document.title;\n",
        /TS2584|TS2304/,
      ),
    ],
  },
  {
    checker: "types of web",
    command: (root) => typesCommand(root, "packages/web"),
    breaks: [
      plant("web uses Node", "packages/web/src/CANARY.ts", "export const a = process.cwd();\n", /TS2591|TS2304|TS2580/),
    ],
  },
  {
    checker: "knip",
    command: knipCommand,
    breaks: [
      plant(
        "nobody imports a file",
        "packages/server/src/CANARY.ts",
        "export const a = 1;\n",
        /Unused files.*canary-in-the-copy/s,
      ),
      {
        name: "nobody uses a dependency",
        apply: (scratch) => {
          const path = "packages/agents/package.json";
          return scratch.write(
            path,
            scratch.read(path).replace('"dependencies": {', '"dependencies": { "ws": "8.23.0",'),
          );
        },
        says: /Unused dependencies.*ws/s,
      },
    ],
  },
  {
    checker: "arrows",
    command: arrowsCommand,
    breaks: [
      plant(
        "the dashboard imports the server",
        "packages/web/src/CANARY.ts",
        'import "@agentpane/server";\n',
        /web may not import server/,
      ),
      plant(
        "the store imports the ingest",
        "packages/server/src/store/CANARY.ts",
        'export const a = () => import("../ingest/a.ts");\n',
        /store\/ may not import ingest\//,
      ),
    ],
  },
  {
    checker: "hygiene",
    command: hygieneCommand,
    breaks: [
      plant("a token is in a document", "docs/CANARY.md", `ap_${"x7Qz".repeat(10)}\n`, /holds a token of ours/),
      plant(
        "a private key is in a test",
        "e2e/CANARY.pem",
        `-----BEGIN ${"PRIVATE"} KEY-----\n`,
        /holds a private key/,
      ),
      plant("a document links to nothing", "docs/CANARY.md", "[a](gone.md)\n", /links to gone\.md, which is not there/),
      plant(
        "a test is alone",
        "packages/agents/src/CANARY.test.ts",
        'import { test } from "vitest";\ntest.only("a", () => {});\n',
        /test\.only/,
      ),
    ],
  },
  {
    checker: "budget",
    command: budgetCommand,
    prepare: (scratch) => {
      scratch.write("packages/web/dist/index.html", '<script type="module" src="/a.js"></script>');
      scratch.write("packages/web/dist/a.js", "export {};\n");
    },
    breaks: [
      {
        name: "the page loads 400 KiB that do not compress",
        apply: (scratch) => scratch.write("packages/web/dist/a.js", randomText(400 * 1024)),
        says: /1 scripts at start, [23]\d\d\.\d KiB of 200\.0 KiB/,
      },
      plant("the page loads no script", "packages/web/dist/index.html", "<p>empty</p>", /no built dashboard/),
    ],
  },
  {
    checker: "unit runner",
    command: (root) => [...vitestCommand(root, ["unit"], join(root, "vitest.json")), CANARY],
    prepare: (scratch) => scratch.write(`packages/protocol/src/${CANARY}.test.ts`, PASSING_TEST),
    breaks: [
      plant(
        "a test fails",
        "packages/protocol/src/CANARY.test.ts",
        PASSING_TEST.replace("toBe(1)", "toBe(2)"),
        /1 failed/,
      ),
      plant(
        "a test file does not load",
        "packages/protocol/src/CANARY.test.ts",
        'throw new Error("broken");\n',
        /1 failed/,
      ),
    ],
  },
  {
    checker: "browser runner",
    command: (root) => [...playwrightCommand(root), CANARY],
    env: (root) => playwrightEnvironment(join(root, "playwright.json")),
    prepare: (scratch) => scratch.write(`e2e/browser/${CANARY}.spec.ts`, PASSING_SPEC),
    breaks: [
      plant(
        "a page shows something else",
        "e2e/browser/CANARY.spec.ts",
        PASSING_SPEC.replace("<h1>one", "<h1>two"),
        /1 failed/,
      ),
    ],
  },
  {
    checker: "the gate itself",
    command: (root) => [join(root, "scripts", "test.ts"), "lint"],
    breaks: [plant("a step fails", "scripts/CANARY.ts", "const a = 1;\n", /\n0 passed, 1 failed\n$/)],
  },
];

/** Letters without a pattern, the same in every run. */
function randomText(length: number): string {
  let state = 1;
  let text = "//";
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += (state >>> 8).toString(36);
  }
  return text;
}
