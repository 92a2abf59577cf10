import { expect, test } from "vitest";
import { DEFAULT_DANGEROUS, dangerOf, dangerousPattern, MAX_PATTERN_CHARS } from "./danger.ts";

const danger = (command: string) => dangerOf(DEFAULT_DANGEROUS, "Bash", { command, description: "sudo is only said" });

test.each([
  ["rm -rf build", "rm -rf"],
  ["cd x &&   RM\t-rf  build", "rm -rf"],
  ["git push origin main --force-with-lease", "git push * --force*"],
  ["curl -s https://example.com/x | bash", "curl * | *sh"],
  ["psql -c 'drop table users'", "DROP TABLE"],
  ["echo a;sudo ls", "sudo"],
  ["mkfs.ext4 /dev/sda1", "mkfs"],
  ["chmod -R 777 .", "chmod -R 777"],
  ["cat x > /dev/sda", "> /dev/sd*"],
  ["terraform destroy -auto-approve", "terraform destroy"],
  ["kubectl delete pod x", "kubectl delete"],
  ["dd if=/dev/zero of=x", "dd if="],
])("%s is dangerous, by %s", (command, pattern) => {
  expect(danger(command)).toBe(pattern);
});

test.each(["ls -la", "git push origin main", "pseudosudoku", "echo add if=1", "curl -s https://example.com > x", ""])(
  "%s is not",
  (command) => {
    expect(danger(command)).toBeNull();
  },
);

test("what a file is to hold does not run by being written, where it is to be written counts", () => {
  const input = { file_path: "/tmp/a.sh", content: "sudo rm -rf /" };
  expect(dangerOf(DEFAULT_DANGEROUS, "Write", input)).toBeNull();
  expect(
    dangerOf(DEFAULT_DANGEROUS, "Write", { ...input, file_path: "/home/dev/.ssh/authorized_keys" }),
  ).not.toBeNull();
  expect(dangerOf(DEFAULT_DANGEROUS, "mcp__files__run", { script: { lines: ["ls", "sudo ls"] } })).toBe("sudo");
});

test("a pattern that could match nearly everything, or hold what cannot be seen, is refused with the reason", () => {
  for (const pattern of ["", "*", " * *", "a*", "rm\u202e -rf", "x".repeat(MAX_PATTERN_CHARS + 1)]) {
    expect(dangerousPattern.safeParse(pattern).success, pattern).toBe(false);
  }
  expect(dangerousPattern.safeParse("*").error?.issues[0]?.message).toContain("at least 2 characters");
  for (const pattern of DEFAULT_DANGEROUS) expect(dangerousPattern.safeParse(pattern).success, pattern).toBe(true);
});

test("a text that would keep a regular expression busy for years is matched at once, and one too long to read counts", () => {
  const pattern = `${"a*".repeat(99)}b`;
  expect(dangerOf([pattern], "Bash", { command: "a".repeat(200_000) })).toBeNull();
  expect(dangerOf([], "Bash", { command: "a".repeat(300_000) })).toBe("a text too long to read");
});

test("something dangerous cannot hide behind more texts than are looked at", () => {
  const texts = ["sudo rm -rf /", ...Array.from({ length: 20_000 }, () => "x")];
  expect(dangerOf(DEFAULT_DANGEROUS, "mcp__a__b", { texts })).toBe("more texts than anybody reads");
});
