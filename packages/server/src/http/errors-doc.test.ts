import { readFileSync } from "node:fs";
import { ERROR_CODES, ERRORS } from "@agentpane/protocol";
import { expect, test } from "vitest";

const DOC = new URL("../../../../docs/errors.md", import.meta.url);

test("docs/errors.md says the same as the registry, code by code", () => {
  const rows = readFileSync(DOC, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |\s*\|$/g, "")));
  const registry = ERROR_CODES.map((code) => {
    const { status, retryable, meaning } = ERRORS[code];
    return [`\`${code}\``, String(status), retryable ? "yes" : "no", meaning];
  });
  expect(rows).toEqual(registry);
});
