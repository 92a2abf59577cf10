import { expect, test, transcript } from "./fixtures.ts";

test.use({ file: "hostile" });

const BIDI = "\u202e";

test("what an agent wrote is shown and never done", async ({ page, stage }) => {
  const asked: string[] = [];
  await page.route("**/*", async (route) => {
    const { origin } = new URL(route.request().url());
    if (origin !== stage.product.origin) asked.push(route.request().url());
    await route.continue();
  });
  const session = await stage.session({ title: `<img src=x onerror="window.hurt=1"> ${BIDI}title` });
  const hostile = [
    `<script>window.hurt = 1</script>`,
    `<img src="https://evil.example/a.png" onerror="window.hurt=1">`,
    `![a picture](https://evil.example/pixel.png)`,
    `[click me](javascript:window.hurt=1)`,
    `<a href="javascript:window.hurt=1">raw</a>`,
    `<iframe src="https://evil.example"></iframe><style>*{display:none}</style>`,
    `\`\`\`html\n<script>window.hurt=1</script>\n\`\`\``,
  ].join("\n\n");
  const { conversation, file } = session;
  stage.writer.append(file, [
    conversation.prompt(hostile),
    conversation.text(hostile),
    conversation.thinking(hostile),
    conversation.call("Bash", { command: `echo ${BIDI}safe; rm -rf / # <script>window.hurt=1</script>` }),
    conversation.result(hostile),
    conversation.call("mcp__<script>__<b>tool</b>", { query: hostile }),
    conversation.result(hostile, true),
    conversation.text("the end of it"),
  ]);
  await stage.signIn(page);
  await page.locator(`a[data-session="${session.id}"]`).click();
  const log = transcript(page);
  await expect(log.getByText("the end of it")).toBeVisible();
  await expect(log.locator("script, iframe, style, object, embed")).toHaveCount(0);
  await expect(log.locator("img[src^='http']")).toHaveCount(0);
  await expect(page.locator("a[href^='javascript:']")).toHaveCount(0);
  const links = await log
    .locator("a[href]")
    .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol));
  for (const protocol of links) expect(["http:", "https:"]).toContain(protocol);
  const outward = log.locator("a[target=_blank]");
  for (const rel of await outward.evaluateAll((all) => all.map((one) => one.getAttribute("rel")))) {
    expect(rel).toContain("noopener");
  }
  expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt)).toBeUndefined();
  expect(asked).toEqual([]);
  // Where a decision hangs on it, what turns text around stands there as an escape.
  const command = log.getByText("rm -rf /", { exact: false }).first();
  await expect(command).toBeVisible();
  expect(await command.textContent()).not.toContain(BIDI);
  // Looking for it runs it no more than reading it does.
  await page.keyboard.press("f");
  await page.getByRole("textbox", { name: "Find in this session" }).fill(`<img src="https://evil.example/a.png"`);
  await expect(page.getByRole("search").getByRole("status")).toHaveText(/places/);
  await page.keyboard.press("Enter");
  await expect(log.locator("article[aria-current=location]")).toBeInViewport();
  await page.goto(
    `${stage.product.origin}/sessions/${session.id}?event=${encodeURIComponent("<script>window.hurt=1</script>")}`,
  );
  await expect(log.getByText("the end of it")).toBeVisible();
  await expect(log.locator("script, iframe, style, object, embed, img")).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt)).toBeUndefined();
  expect(asked).toEqual([]);
});
