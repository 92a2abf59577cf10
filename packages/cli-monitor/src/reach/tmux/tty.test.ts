import { expect, test } from "vitest";
import { parsePs, terminalInStat } from "./tty.ts";

/** A line of proc_pid_stat(5) with these fields: group, session, terminal, foreground group. */
const stat = (group: number, device: number, foreground: number) =>
  `4711 (a (b) c) S 1 ${group} ${group} ${device} ${foreground} 4194304 0`;

test("the terminal of a process is told from its device, and whether it has it now", () => {
  expect(terminalInStat(stat(10, (136 << 8) | 3, 10))).toEqual({ path: "/dev/pts/3", foreground: true });
  expect(terminalInStat(stat(10, (136 << 8) | 3, 99))).toEqual({ path: "/dev/pts/3", foreground: false });
});

test("terminals beyond the first 256 are told apart", () => {
  expect(terminalInStat(stat(10, (137 << 8) | 1, 10))?.path).toBe("/dev/pts/257");
  expect(terminalInStat(stat(10, (136 << 8) | (0x100 << 12) | 2, 10))?.path).toBe("/dev/pts/258");
});

test("a process without a terminal, or at a console, has none that could be reached", () => {
  expect(terminalInStat(stat(10, 0, -1))).toBeNull();
  expect(terminalInStat(stat(10, (4 << 8) | 1, 10))).toBeNull();
  expect(terminalInStat("")).toBeNull();
});

test("what ps says is read, but for processes without a terminal", () => {
  const found = parsePs("  501 ttys003   501   501\n  502 ??        502    -1\n  503 ttys004   503   600\n");
  expect([...found]).toEqual([
    [501, { path: "/dev/ttys003", foreground: true }],
    [503, { path: "/dev/ttys004", foreground: false }],
  ]);
});
