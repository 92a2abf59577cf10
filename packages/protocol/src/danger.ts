import { z } from "zod";

export const MAX_DANGEROUS_PATTERNS = 200;
export const MAX_PATTERN_CHARS = 200;
/** Of a longer text the rest is not looked at, and it counts as dangerous: nobody reads it whole. */
const MAX_TEXT_CHARS = 256 * 1024;
/** Values of one input that are looked at; one with more counts as dangerous as well. */
const MAX_TEXTS = 10_000;
const MIN_PATTERN_LETTERS = 2;

/**
 * A text as it stands in a command; `*` is any run of characters, none too. Letters' case and the width of gaps do not
 * matter, and a pattern that begins or ends with a letter or digit begins or ends a word. No regular expressions: what
 * a person writes here must never take long to match.
 */
export const dangerousPattern = z
  .string()
  .min(1)
  .max(MAX_PATTERN_CHARS)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, "has characters that cannot be seen")
  .refine((pattern) => pattern.replaceAll(/[\s*]/g, "").length >= MIN_PATTERN_LETTERS, {
    message: `needs at least ${MIN_PATTERN_LETTERS} characters besides spaces and *, or nearly everything would be dangerous`,
  });

/** What a person is asked about twice where settings do not say otherwise. */
export const DEFAULT_DANGEROUS: readonly string[] = [
  ...["rm -rf", "rm -fr", "rm -r", "rm -R", "rm --recursive", "find * -delete", "shred", "truncate -s"],
  ...["git push * --force*", "git push --force*", "git push -f", "git push * -f", "git push * --delete"],
  ...["git reset --hard", "git clean -*f*", "git branch -D", "git checkout -- *", "git filter-branch"],
  ...["curl * | *sh", "wget * | *sh", "curl * | *python*", "base64 * | *sh", "eval *$(*curl*"],
  ...["sudo", "su -", "doas", "chmod -R 777", "chmod 777", "chown -R", "passwd", "visudo"],
  ...["dd if=", "dd of=", "mkfs", "fdisk", "parted", "> /dev/sd*", "> /dev/nvme*", "> /dev/disk*", ":(){"],
  ...["shutdown", "reboot", "kill -9 -1", "killall", "pkill", "crontab", "systemctl stop", "launchctl unload"],
  ...["DROP TABLE", "DROP DATABASE", "DROP SCHEMA", "TRUNCATE TABLE", "DELETE FROM", "dropdb", "FLUSHALL"],
  ...["terraform destroy", "terraform apply", "pulumi destroy", "kubectl delete", "kubectl drain", "helm uninstall"],
  ...["docker system prune", "docker volume rm", "aws s3 rm", "aws s3 rb", "gcloud * delete", "az * delete"],
  ...["npm publish", "cargo publish", "twine upload", "gh repo delete", "gh release delete"],
  ...["~/.ssh*", "id_rsa", "id_ed25519", "/etc/shadow", ".aws/credentials", "authorized_keys"],
];

/** Tools that only write text, which does not run by being written: of their input, only the paths are looked at. */
const WRITING_TOOLS: ReadonlySet<string> = new Set(["Write", "Edit", "MultiEdit", "NotebookEdit"]);
const WRITTEN: ReadonlySet<string> = new Set(["content", "old_string", "new_string", "new_source", "edits"]);
/** Words about a call, which do not run either. */
const SPOKEN: ReadonlySet<string> = new Set(["description"]);

/** The first pattern that the input of a tool's call matches; null where none does. `input` is parsed JSON. */
export function dangerOf(patterns: readonly string[], tool: string, input: unknown): string | null {
  const texts: string[] = [];
  if (!collect(input, WRITING_TOOLS.has(tool) ? WRITTEN : SPOKEN, texts)) return "more texts than anybody reads";
  for (const text of texts) {
    if (text.length > MAX_TEXT_CHARS) return "a text too long to read";
  }
  const plain = texts.map(flat);
  return patterns.find((pattern) => plain.some((text) => matches(flat(pattern), text))) ?? null;
}

/** False where there are too many. */
function collect(input: unknown, but: ReadonlySet<string>, texts: string[]): boolean {
  const left: unknown[] = [input];
  while (left.length > 0) {
    if (texts.length >= MAX_TEXTS) return false;
    const value = left.pop();
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) for (const one of value) left.push(one);
    else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) if (!but.has(name)) left.push(one);
    }
  }
  return true;
}

function flat(text: string): string {
  return text.toLowerCase().replaceAll(/[\s\u200b-\u200f\u2060\ufeff]+/g, " ");
}

/** Each part between stars is found as early as it can be, so the work grows with the text times the pattern, no more. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = find(text, part, at, index === 0, index === parts.length - 1);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}

function find(text: string, part: string, from: number, first: boolean, last: boolean): number {
  if (part === "") return from;
  for (let at = text.indexOf(part, from); at !== -1; at = text.indexOf(part, at + 1)) {
    const end = at + part.length;
    const begins = !first || !isWord(part, 0) || !isWord(text, at - 1);
    const ends = !last || !isWord(part, part.length - 1) || !isWord(text, end);
    if (begins && ends) return at;
  }
  return -1;
}

function isWord(text: string, at: number): boolean {
  const char = text[at];
  return char !== undefined && /[\p{L}\p{N}_]/u.test(char);
}
