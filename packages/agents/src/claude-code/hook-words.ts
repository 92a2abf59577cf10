import { asText, record } from "./parsed.ts";

/** Longest words of one suggestion, in characters: the protocol's bound. */
const MAX_WORDS_CHARS = 1000;
const MAX_RULES_NAMED = 20;

/** What "allow always" would add, in words. A suggestion of a kind that is not known here is shown as it stands. */
export function suggestionWords(suggestion: unknown): string {
  const given = record(suggestion);
  const where = whereWords(given.destination);
  const words = wordsOf(given, where) ?? JSON.stringify(suggestion) ?? "";
  return words.length <= MAX_WORDS_CHARS ? words : `${words.slice(0, MAX_WORDS_CHARS - 1)}…`;
}

function wordsOf(given: Record<string, unknown>, where: string): string | null {
  switch (given.type) {
    case "addRules":
      return given.behavior === "allow"
        ? `Allow ${rules(given.rules)} without asking${where}`
        : `${given.behavior === "deny" ? "Deny" : "Always ask for"} ${rules(given.rules)}${where}`;
    case "replaceRules":
      return `Replace all rules that ${asText(given.behavior) ?? "decide"} by ${rules(given.rules)}${where}`;
    case "removeRules":
      return `Remove the rule ${rules(given.rules)}${where}`;
    case "addDirectories":
      return `Allow work in ${texts(given.directories).join(", ")}${where}`;
    case "removeDirectories":
      return `No longer allow work in ${texts(given.directories).join(", ")}${where}`;
    case "setMode":
      return `${modeWords(given.mode)}${where}`;
    default:
      return null;
  }
}

function modeWords(mode: unknown): string {
  switch (mode) {
    case "acceptEdits":
      return "Accept edits without asking";
    case "bypassPermissions":
      return "Allow everything without asking";
    case "plan":
      return "Only plan";
    case "default":
    case "manual":
      return "Ask for each permission";
    default:
      return `Switch to the mode ${asText(mode) ?? "that it names"}`;
  }
}

function whereWords(destination: unknown): string {
  switch (destination) {
    case "session":
      return ", for the rest of this session";
    case "localSettings":
      return ", always in this project, for you";
    case "projectSettings":
      return ", always in this project, for everybody who works on it";
    case "userSettings":
      return ", always in all your projects";
    case "cliArg":
    case undefined:
      return "";
    default:
      return `, in ${asText(destination) ?? "an unknown place"}`;
  }
}

function rules(list: unknown): string {
  const named = (Array.isArray(list) ? list : []).map((rule) => {
    const { toolName, ruleContent } = record(rule);
    const tool = asText(toolName) ?? "?";
    const content = asText(ruleContent);
    return content === null || content === "" ? tool : `${tool}(${content})`;
  });
  const more = named.length - MAX_RULES_NAMED;
  return more > 0 ? `${named.slice(0, MAX_RULES_NAMED).join(", ")} and ${more} more` : named.join(", ");
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
