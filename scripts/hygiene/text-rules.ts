/** What may stand in no file of the project. Written so that this file itself does not contain what it looks for. */
interface TextRule {
  what: string;
  pattern: RegExp;
  /** Files that are right to contain it. */
  except?: RegExp;
}

const TEXT_RULES: readonly TextRule[] = [
  {
    what: "names a package registry",
    pattern: /registry\.(npmjs|yarnpkg)\.|npm\.pkg\.github|npmmirror\.|jfrog\.io|pkgs\.dev\.azure|codeartifac[t]/i,
  },
  { what: "holds a registry credential", pattern: /_auth(Token)?\s*=/ },
  { what: "names a folder outside the project", pattern: /\.\.\/shared\b/ },
  { what: "holds a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: "holds a token of ours", pattern: /\bap_[A-Za-z0-9_-]{24,}/ },
  {
    what: "holds somebody's token",
    pattern: /\b(sk-ant-[\w-]{20,}|gh[pousr]_\w{30,}|AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{20,})/,
  },
];

/** Folders so common that a checkout may lie right in them, and text may name them for other reasons. */
const COMMON_PARENTS = /^(\/|\/(tmp|root|opt|srv|var|usr|home|Users|workspace|builds?|app|repo|src)(\/[^/]+)?)$/;

/** Each broken rule as `path:line what`; `root` is the checkout's own absolute path, which no file may know. */
export function textProblems(path: string, text: string, root: string): string[] {
  const problems: string[] = [];
  const rules = [...TEXT_RULES, ...placeRules(root)];
  for (const [index, line] of text.split("\n").entries())
    for (const rule of rules)
      if (rule.pattern.test(line) && !rule.except?.test(path)) problems.push(`${path}:${index + 1} ${rule.what}`);
  return problems;
}

/** The parent covers the checkout, unless it is too common a place to be forbidden. */
function placeRules(root: string): TextRule[] {
  const parent = root.slice(0, root.lastIndexOf("/"));
  const place = parent === "" || COMMON_PARENTS.test(parent) ? root : parent;
  const pattern = new RegExp(`(^|[^\\w/.-])${place.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(/|\\b)`);
  return [{ what: "names a path of this machine", pattern, except: /^fixtures\// }];
}
