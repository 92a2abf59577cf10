import { expect, test } from "vitest";
import { TmuxPanes } from "./panes.ts";

test("panes are listed once for several terminals, and anew where the list was forgotten", async () => {
  let listed = 0;
  const panes = new TmuxPanes(() => {
    listed += 1;
    return [];
  });
  expect(await panes.find("/dev/pts/1")).toBeNull();
  await panes.find("/dev/pts/2");
  expect(listed).toBe(1);
  // A session that began just now, in a pane that is as new.
  panes.forget();
  await panes.find("/dev/pts/3");
  expect(listed).toBe(2);
});
