// @vitest-environment happy-dom
import { fireEvent } from "@testing-library/dom";
import { afterEach, describe, expect, it } from "vitest";
import { type ActionLayer, ActionRegistry } from "./actions.ts";

const offs: (() => void)[] = [];
afterEach(() => {
  for (const off of offs.splice(0)) off();
  document.body.replaceChildren();
});

function made(...layers: Partial<ActionLayer>[]) {
  const registry = new ActionRegistry();
  for (const layer of layers) offs.push(registry.add({ current: { keys: [], actions: [], ...layer } }));
  return registry;
}
const nothing = () => {};
const press = (key: string, more = {}, target: Element = document.body) => fireEvent.keyDown(target, { key, ...more });

describe("the registry of what can be done", () => {
  it("lists each thing once with all its keys, in the order of the groups, and no key without a name", () => {
    const registry = made({
      keys: [
        ["?", nothing, { label: "all keys", group: "page" }],
        ["j", nothing, { label: "next", group: "move" }],
        ["ArrowDown", nothing, { label: "next", group: "move" }],
        ["x", nothing],
      ],
    });
    expect(registry.keys()).toEqual([
      { label: "next", group: "move", keys: ["j", "ArrowDown"] },
      { label: "all keys", group: "page", keys: ["?"] },
    ]);
  });

  it("knows an action by its key too, and only as long as its part of the page is there", () => {
    let ran = 0;
    const registry = made({ actions: [{ id: "a", label: "Do it", key: "n", run: () => ran++ }] });
    press("n");
    expect([ran, registry.keys()[0]?.label, registry.actions()[0]?.label]).toEqual([1, "Do it", "Do it"]);
    offs.pop()?.();
    press("n");
    expect([ran, registry.keys(), registry.actions()]).toEqual([1, [], []]);
  });

  it("has the newest of two actions of one id", () => {
    const registry = made(
      { actions: [{ id: "a", label: "Old", run: nothing }] },
      { actions: [{ id: "a", label: "New", run: nothing }] },
    );
    expect(registry.actions().map(({ label }) => label)).toEqual(["New"]);
  });

  it("takes a key with Mod from a field as well, but not from a dialog", () => {
    let ran = 0;
    made({ keys: [["Mod+k", () => void ran++]] });
    document.body.innerHTML = '<input><div role="dialog"><input></div>';
    const [field, within] = document.querySelectorAll("input");
    press("k", {}, field as Element);
    expect(ran).toBe(0);
    press("k", { ctrlKey: true }, field as Element);
    press("K", { ctrlKey: true }, field as Element);
    expect(ran).toBe(2);
    press("k", { ctrlKey: true }, within as Element);
    press("k", { altKey: true });
    expect(ran).toBe(2);
  });
});
