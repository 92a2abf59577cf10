import { z } from "zod";

/** Says whether a value, as JSON.parse gave it, is good. False only means that the schema itself must be asked. */
export type QuickCheck = (value: unknown) => boolean;

/** The part of JSON Schema that our schemas come out as. */
interface Json {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Json[];
  oneOf?: Json[];
  properties?: Record<string, Json>;
  required?: string[];
  items?: Json;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
}

const UNDERSTOOD = new Set<string>([
  ..."$schema type const enum anyOf oneOf properties required items".split(" "),
  ..."minimum maximum minLength maxLength maxItems pattern".split(" "),
]);

/**
 * A check that accepts nothing that `schema` refuses or would change, several times as fast: it makes no copy, and asks
 * only what JSON can hold. Events come by the hundred thousand, and copying each took a fifth of the writer's time. A schema
 * with a refinement or a transformation cannot be seen through, and must not be given here.
 */
export function quickCheck(schema: z.ZodType): QuickCheck {
  return compile(z.toJSONSchema(schema, { io: "input" }) as Json);
}

function compile(json: Json): QuickCheck {
  const strange = Object.keys(json).find((key) => !UNDERSTOOD.has(key));
  if (strange !== undefined) throw new Error(`a schema with "${strange}" has no quick check`);
  const choices = json.anyOf ?? json.oneOf;
  if (choices !== undefined) return oneOf(choices);
  if ("const" in json) return (value) => value === json.const;
  if (json.enum !== undefined) {
    const allowed = new Set(json.enum);
    return (value) => allowed.has(value);
  }
  switch (json.type) {
    case "null":
      return (value) => value === null;
    case "boolean":
      return (value) => typeof value === "boolean";
    case "integer":
      return integer(json);
    case "string":
      return text(json);
    case "array":
      return list(json);
    case "object":
      return object(json);
    default:
      throw new Error(`a schema of type "${json.type}" has no quick check`);
  }
}

/** Objects that their `kind` tells apart are found by it; of anything else, one choice after the other. */
function oneOf(choices: readonly Json[]): QuickCheck {
  const byKind = new Map(choices.map((choice) => [choice.properties?.kind?.const, compile(choice)]));
  if (byKind.size === choices.length && !byKind.has(undefined)) {
    return (value) => byKind.get((value as { kind?: unknown } | null)?.kind)?.(value) === true;
  }
  const checks = choices.map(compile);
  return (value) => checks.some((check) => check(value));
}

function integer({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Json): QuickCheck {
  return (value) => Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}

function text({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern }: Json): QuickCheck {
  const form = pattern === undefined ? null : new RegExp(pattern);
  return (value) =>
    typeof value === "string" &&
    value.length >= minLength &&
    value.length <= maxLength &&
    (form === null || form.test(value));
}

function list({ items, maxItems = Number.POSITIVE_INFINITY }: Json): QuickCheck {
  const check = items === undefined ? null : compile(items);
  return (value) => Array.isArray(value) && value.length <= maxItems && (check === null || value.every(check));
}

/** A key that the schema does not have would be left out by it, and so is a case for it. */
function object({ properties = {}, required = [] }: Json): QuickCheck {
  const checks = new Map(Object.entries(properties).map(([key, property]) => [key, compile(property)]));
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const entries = value as Record<string, unknown>;
    for (const key in entries) {
      const check = checks.get(key);
      if (check === undefined || !check(entries[key])) return false;
    }
    for (const key of required) if (entries[key] === undefined) return false;
    return true;
  };
}
