// @vitest-environment happy-dom
import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { withPage } from "../testing/page.tsx";
import Markdown from "./markdown.tsx";

withPage();

const draw = (text: string) => render(<Markdown>{text}</Markdown>).container;

describe("Markdown of an agent", () => {
  it("is drawn: lists, tables, code", () => {
    const page = draw(
      "# Plan\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nlet x = 1;\n```\n\nand `code`.",
    );
    expect(page.querySelectorAll("li")).toHaveLength(2);
    expect(page.querySelectorAll("td")).toHaveLength(2);
    expect(page.querySelector("pre code")?.textContent).toBe("let x = 1;\n");
  });

  it("shows HTML as the text that it is", () => {
    const page = draw(
      'Look: <script>alert(1)</script> <b onclick="x()">bold</b>\n\n<iframe src="https://evil.example"></iframe>',
    );
    expect(page.querySelector("script, b, iframe, [onclick]")).toBeNull();
    expect(page.textContent).toContain("<script>alert(1)</script>");
    expect(page.textContent).toContain('<iframe src="https://evil.example"></iframe>');
  });

  it("never loads an image, but says what it was to show", () => {
    const page = draw(
      "![a chart](https://evil.example/x.png) ![](data:image/png;base64,AAAA) ![r][1]\n\n[1]: http://evil.example/y.png",
    );
    expect(page.querySelector("img, picture, source, video, object, embed")).toBeNull();
    expect(page.textContent).toContain("a chart (image not loaded)");
    expect(page.innerHTML).not.toContain("evil.example");
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://x/y",
    "//evil.example/x",
    "/api/v1/logout",
    "?agent=x",
    "#code=stolen",
    "src/index.ts",
    " https://evil.example",
  ])("makes no link of %j", (url) => {
    const page = draw(`[click](<${url}>) and [again](${url.replaceAll(" ", "%20")})`);
    const links = [...page.querySelectorAll("a")].filter(
      (link) => !/^https?:\/\//.test(link.getAttribute("href") ?? ""),
    );
    expect(links).toEqual([]);
    expect(page.textContent).toContain("click");
  });

  it("links to the web in a new place that learns nothing of this page", () => {
    const page = draw("[docs](https://example.com/a?b=c) and https://example.org and <http://example.net>");
    const links = [...page.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "https://example.com/a?b=c",
      "https://example.org",
      "http://example.net",
    ]);
    for (const link of links) {
      expect(link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
      expect(link.getAttribute("target")).toBe("_blank");
    }
    // The address can be read where the words say something else.
    expect(links[0]?.getAttribute("title")).toBe("https://example.com/a?b=c");
  });

  it("makes no mail links and gives the page no ids", () => {
    const page = draw("write to a@b.example[^1]\n\n[^1]: a note");
    expect(page.querySelector('a[href^="mailto:"]')).toBeNull();
    expect(page.querySelector("[id]")).toBeNull();
    expect(page.textContent).toContain("a note");
  });

  it("shows what would turn a line round", () => {
    expect(draw("run \u202Egnp.exe now").textContent).toContain("\\u202egnp.exe");
  });
});
