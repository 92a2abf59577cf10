import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FolderFacts, prepareDataFolder } from "./folder.ts";

const EXT4 = 0xef53;
const FUSE = 0x65735546;

function mounted(filesystemType: number, mountTable: (folder: string) => string): unknown {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-folder-"));
  const facts: FolderFacts = { filesystemType: () => filesystemType, mountTable: () => mountTable(folder) };
  try {
    return prepareDataFolder(join(folder, "data"), facts);
  } catch (error) {
    return error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each([
  ["NFS", 0x6969],
  ["SMB", 0xfe534d42 | 0],
  ["CIFS", 0xff534d42],
  ["9P", 0x01021997],
])("a store on %s is refused by name", (name, type) => {
  const outcome = mounted(type, () => "");
  expect(outcome).toMatchObject({ code: "store_unsuitable", message: expect.stringContaining(name) });
});

test.each([
  ["a remote one is refused", "fuse.sshfs", { code: "store_unsuitable" }],
  ["a local one is taken", "fuse.gocryptfs", { database: expect.any(String) }],
])("of filesystems in user space, %s", (_what, type, expected) => {
  const table = (folder: string) =>
    [
      "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
      `40 22 0:50 / ${folder} rw,nosuid - ${type} somewhere rw`,
    ].join("\n");
  expect(mounted(FUSE, table)).toMatchObject(expected);
});

test("a local filesystem is taken", () => {
  expect(mounted(EXT4, () => "")).toMatchObject({ database: expect.stringMatching(/agentpane\.db$/) });
});

test("a folder that others could read is closed to them", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-folder-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o755 });
  prepareDataFolder(data);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  rmSync(folder, { recursive: true });
});

test("a folder that cannot be made is refused by name", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-folder-"));
  const data = join(folder, "data");
  writeFileSync(data, "a file, where the folder should be");
  expect(() => prepareDataFolder(data)).toThrow(expect.objectContaining({ code: "store_unsuitable" }));
  rmSync(folder, { recursive: true });
});
