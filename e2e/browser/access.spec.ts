import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "./fixtures.ts";

test.use({ file: "access" });

test("the link signs in once, leaves nothing in the address, and is refused the second time", async ({
  browser,
  stage,
}) => {
  const link = await stage.link();
  const first = await browser.newContext();
  const page = await first.newPage();
  await page.goto(link);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  expect(page.url()).not.toContain("code");
  expect(await first.cookies()).toEqual([]);
  await page.reload();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  const second = await browser.newContext();
  const other = await second.newPage();
  await other.goto(link);
  await expect(other.getByText("The link was used already or is older than two minutes.")).toBeVisible();
  await expect(other.locator("a[data-session]")).toHaveCount(0);
  await first.close();
  await second.close();
});

test("without a link the page says how to get one and shows nothing", async ({ page, stage }) => {
  await stage.session({ title: "Nobody else's business" });
  await page.goto(stage.product.origin);
  await expect(page.getByText("This page needs a link")).toBeVisible();
  await expect(page.getByText("Nobody else's business")).toHaveCount(0);
});

test("a revoked page is signed out at once", async ({ page, stage }) => {
  await stage.signIn(page);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const { tokens } = await stage.api.get<{ tokens: { id: string; name: string; createdAt: number }[] }>(
    "/api/v1/tokens",
  );
  const newest = tokens.filter((token) => token.name.startsWith("page ")).sort((a, b) => b.createdAt - a.createdAt)[0];
  expect((await stage.api.call("DELETE", `/api/v1/tokens/${newest?.id}`)).status).toBe(200);
  await expect(page.getByText("This browser's access was revoked or has expired.")).toBeVisible();
  await expect(page.locator("a[data-session]")).toHaveCount(0);
});

test.describe("a page on another port of this host", () => {
  let server: Server;
  let origin: string;
  test.beforeAll(async () => {
    server = createServer((_, answer) => answer.end("<!doctype html><title>evil</title><p>evil</p>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  test.afterAll(() => server.close());

  test("reads nothing, with the person signed in in the same browser and everything it can steal", async ({
    page,
    context,
    stage,
  }) => {
    await stage.session({ title: "Secret plans" });
    await stage.signIn(page);
    await expect(page.getByText("Secret plans")).toBeVisible();
    const evil = await context.newPage();
    await evil.goto(origin);
    const target = stage.product.origin;
    const stolen = await evil.evaluate(async (url) => {
      const found: Record<string, string> = {};
      const attempt = async (name: string, act: () => Promise<string>): Promise<void> => {
        found[name] = await act().catch((error: unknown) => `refused: ${String(error)}`);
      };
      for (const path of ["/api/v1/sessions", "/api/v1/machines", "/api/v1/me", "/healthz", "/readyz", "/"]) {
        await attempt(`fetch ${path}`, async () => (await fetch(url + path, { credentials: "include" })).text());
        await attempt(`opaque ${path}`, async () => (await fetch(url + path, { mode: "no-cors" })).text());
      }
      await attempt("a link for itself", async () =>
        (await fetch(`${url}/api/v1/links`, { method: "POST", mode: "no-cors", body: '{"role":"admin"}' })).text(),
      );
      await attempt("storage", async () => JSON.stringify({ ...localStorage, ...sessionStorage }).replace("{}", ""));
      await attempt("cookies", async () => document.cookie);
      await attempt(
        "socket",
        async () =>
          await new Promise<string>((resolve, reject) => {
            const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/live`);
            socket.onopen = () => resolve("opened");
            socket.onerror = () => reject(new Error("refused"));
          }),
      );
      await attempt(
        "events",
        async () =>
          await new Promise<string>((resolve, reject) => {
            const source = new EventSource(`${url}/api/v1/stream`);
            source.onopen = () => resolve("opened");
            source.onerror = () => reject(new Error("refused"));
          }),
      );
      await attempt(
        "frame",
        async () =>
          await new Promise<string>((resolve, reject) => {
            const frame = document.createElement("iframe");
            frame.src = url;
            frame.onload = () => {
              try {
                resolve(frame.contentDocument?.body.textContent ?? "");
              } catch (error) {
                reject(error);
              }
            };
            document.body.append(frame);
          }),
      );
      await attempt("window", async () => {
        const opened = window.open(url);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const text = opened?.document.body.textContent ?? "";
        opened?.close();
        return text;
      });
      await attempt(
        "script",
        async () =>
          await new Promise<string>((resolve, reject) => {
            const script = document.createElement("script");
            script.src = `${url}/api/v1/sessions`;
            script.onload = () => resolve("ran");
            script.onerror = () => reject(new Error("refused"));
            document.body.append(script);
          }),
      );
      return found;
    }, target);
    for (const [how, what] of Object.entries(stolen)) {
      expect(what === "" || what.startsWith("refused:"), `${how}: ${what.slice(0, 200)}`).toBe(true);
    }
    const { tokens } = await stage.api.get<{ tokens: unknown[] }>("/api/v1/tokens");
    expect(JSON.stringify(tokens)).not.toContain("evil");
  });

  test("cannot put our page into a frame of its own", async ({ page, stage }) => {
    await page.goto(origin);
    const answer = await stage.api.call("GET", "/");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).not.toContain("unsafe-eval");
  });
});
