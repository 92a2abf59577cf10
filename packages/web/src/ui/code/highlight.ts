import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { type Token, tokensOf } from "./tokens.ts";

const LANGUAGES = { bash, c, css, diff, go, java, json, python, ruby, rust, sql, typescript, xml, yaml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(["javascript", "js", "jsx", "mjs", "cjs"], { languageName: "typescript" });
hljs.registerAliases(["cpp", "c++", "cs", "kotlin", "swift", "dart", "php"], { languageName: "java" });
hljs.registerAliases(["console", "shell", "shellsession", "dockerfile", "makefile"], { languageName: "bash" });
hljs.registerAliases(["toml", "ini"], { languageName: "yaml" });
hljs.registerAliases(["scss", "less"], { languageName: "css" });
hljs.registerAliases(["html", "svg", "vue"], { languageName: "xml" });

/** What stands where in `code`; nothing for a language that is not known. */
export function highlight(language: string, code: string): Token[] {
  const name = language.toLowerCase();
  if (hljs.getLanguage(name) === undefined) return [];
  return tokensOf(hljs.highlight(code, { language: name, ignoreIllegals: true }).value);
}
