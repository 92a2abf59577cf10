import { AgentPaneError } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { allowedHosts, checkOrigin } from "./origin.ts";

const HOSTS = allowedHosts(4477);
const OWN = "127.0.0.1:4477";

function verdict(headers: Record<string, string>, { method = "GET", isPage = false } = {}): string {
  try {
    checkOrigin({ method, headers, isPage }, HOSTS);
    return "let through";
  } catch (error) {
    return error instanceof AgentPaneError ? error.code : String(error);
  }
}

const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

test.each([
  ["a script without an Origin", { host: OWN }],
  ["localhost", { host: "localhost:4477" }],
  ["IPv6 loopback", { host: "[::1]:4477" }],
  ["a name in capitals", { host: "LOCALHOST:4477" }],
  ["its own page", { host: OWN, origin: `http://${OWN}`, "sec-fetch-site": "same-origin" }],
  ["the address bar", { host: OWN, "sec-fetch-site": "none" }],
])("%s is let through", (_, headers) => {
  expect(verdict(headers)).toBe("let through");
});

test.each([
  ["no Host", {}],
  ["a rebound DNS name", { host: "evil.example:4477" }],
  ["a name that only begins like ours", { host: "127.0.0.1.evil.example:4477" }],
  ["another port in Host", { host: "127.0.0.1:80" }],
  ["a Host without the port", { host: "127.0.0.1" }],
  ["a page on the internet", { host: OWN, origin: "https://evil.example" }],
  ["a page on another localhost port", { host: OWN, origin: "http://127.0.0.1:3000" }],
  ["our address under another scheme", { host: OWN, origin: `https://${OWN}` }],
  ["localhost's page calling 127.0.0.1", { host: OWN, origin: "http://localhost:4477" }],
  ["an opaque origin", { host: OWN, origin: "null" }],
  ["a cross-site request that hides its Origin", { host: OWN, "sec-fetch-site": "cross-site" }],
  ["a same-site request, as from another port", { host: OWN, "sec-fetch-site": "same-site" }],
])("%s is refused", (_, headers) => {
  expect(verdict(headers)).toBe("origin_refused");
  expect(verdict(headers, { isPage: true })).toBe("origin_refused");
});

test("a person may follow a link to the page from anywhere", () => {
  expect(verdict({ host: OWN, "sec-fetch-site": "cross-site", ...NAVIGATION }, { isPage: true })).toBe("let through");
});

test.each([
  ["into a frame", { ...NAVIGATION, "sec-fetch-dest": "iframe" }, { isPage: true }],
  ["by a form", NAVIGATION, { isPage: true, method: "POST" }],
  ["to the API", NAVIGATION, { isPage: false }],
  ["as a script", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }, { isPage: true }],
])("another site gets nothing %s", (_, headers, asked) => {
  expect(verdict({ host: OWN, "sec-fetch-site": "cross-site", ...headers }, asked)).toBe("origin_refused");
});
