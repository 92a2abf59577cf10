import { parseSync, Visitor } from "rolldown/utils";

/** One place where a file names another module. */
export interface Reference {
  specifier: string;
  line: number;
  /** `url` is `new URL("./x.ts", import.meta.url)`, the way a worker's entry is named. */
  kind: "import" | "export" | "dynamic" | "type" | "require" | "url";
}

export interface ModuleFacts {
  references: Reference[];
  /** Lines with an `import()` or `require()` of something that is not a plain string, which nobody can check. */
  computed: number[];
  /** Lines that call or take `process.exit`. */
  exits: number[];
}

interface Spanned {
  type: string;
  start: number;
}

/** Reads one module with a real parser. Throws where the file does not parse: an unread file would pass every rule. */
export function readModule(path: string, text: string): ModuleFacts {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const facts: ModuleFacts = { references: [], computed: [], exits: [] };
  const lineOf = lineFinder(text);
  const add = (kind: Reference["kind"], node: Spanned | null | undefined): void => {
    if (!node) return;
    const specifier = literalText(node);
    const line = lineOf(node.start);
    if (specifier === null) facts.computed.push(line);
    else facts.references.push({ specifier, line, kind });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.importKind === "type" ? "type" : "import", node.source),
    ExportNamedDeclaration: (node) => add("export", node.source),
    ExportAllDeclaration: (node) => add("export", node.source),
    ImportExpression: (node) => add("dynamic", node.source),
    TSImportType: (node) => add("type", node.source),
    TSExternalModuleReference: (node) => add("require", node.expression),
    CallExpression: (node) => {
      const callee = node.callee;
      const required = callee.type === "Identifier" && callee.name === "require";
      const resolved =
        callee.type === "MemberExpression" && callee.object.type === "MetaProperty" && memberName(callee) === "resolve";
      if (required || resolved) add("require", node.arguments[0]);
    },
    NewExpression: (node) => {
      const [path, base] = node.arguments;
      if (node.callee.type !== "Identifier" || node.callee.name !== "URL" || base?.type !== "MemberExpression") return;
      if (base.object.type === "MetaProperty" && path && literalText(path) !== null) add("url", path);
    },
    MemberExpression: (node) => {
      const object = node.object;
      if (object.type === "Identifier" && object.name === "process" && memberName(node) === "exit")
        facts.exits.push(lineOf(node.start));
    },
    ImportSpecifier: (node) => {
      if (node.imported.type === "Identifier" && node.imported.name === "exit") {
        const from = facts.references.at(-1);
        if (from && /^(node:)?process$/.test(from.specifier)) facts.exits.push(lineOf(node.start));
      }
    },
  }).visit(program);
  return facts;
}

function memberName(node: { property: unknown }): string | null {
  const property = node.property as { type: string; name?: string; value?: unknown };
  if (property.type === "Identifier") return property.name ?? null;
  return property.type === "Literal" ? String(property.value) : null;
}

/** The text of a string literal or of a template without holes; null for anything computed. */
function literalText(node: Spanned): string | null {
  const literal = node as unknown as { value?: unknown; quasis?: { value: { cooked: string | null } }[] };
  if (node.type === "Literal" && typeof literal.value === "string") return literal.value;
  if (node.type === "TemplateLiteral" && literal.quasis?.length === 1) return literal.quasis[0]?.value.cooked ?? null;
  return null;
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let line = starts.findLastIndex((start) => start <= offset);
    if (line < 0) line = 0;
    return line + 1;
  };
}
