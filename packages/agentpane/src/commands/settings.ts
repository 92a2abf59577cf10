import { type PriceOverride, priceOverride, type Settings as ServerSettings, settings } from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";
import { type RunningServer, requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { plain, print, printJson, say } from "../terminal/print.ts";
import { isList, LISTS, type ListName, listOf, withList, withoutList } from "./settings-lists.ts";

type PriceKind = keyof PriceOverride;
const PRICE_KINDS = Object.keys(priceOverride.shape) as PriceKind[];
const KINDS = PRICE_KINDS.join(", ");
const PREFIX = "prices.";
const EXAMPLE = "prices.claude-opus-5-5.input";

interface PriceName {
  model: string;
  kind: PriceKind;
}

/** All settings, or those whose names begin with `name`, one in a line. */
export async function getSettings(flags: Settings, name?: string): Promise<void> {
  const known = await readSettings(requireServer(flags));
  if (flags.json && name === undefined) return printJson(known);
  if (name !== undefined && isList(name)) return getList(flags, known, name);
  const lines = listed(known).filter(([key]) => name === undefined || key === name || key.startsWith(`${name}.`));
  if (flags.json) return printJson(Object.fromEntries(lines));
  const lists = name === undefined ? LISTS.filter((list) => known[list] !== undefined) : [];
  for (const [key, value] of lines) print(`${plain(key)} ${value}`);
  for (const list of lists) printList(known, list);
  if (lines.length + lists.length > 0) return;
  if (name === undefined)
    say(`Nothing is set: every model costs what is listed. To set a price: agentpane settings set ${EXAMPLE} 3.5`);
  else {
    if (name !== "prices" && !name.startsWith(PREFIX)) throw unknownName(name);
    say(`${name} is not set: what is listed counts.`);
  }
}

function getList(flags: Settings, known: ServerSettings, name: ListName): void {
  if (flags.json) return printJson({ [name]: listOf(known, name) });
  printList(known, name);
  if (known[name] === undefined) say(`${name} was never set: this is what counts then.`);
}

function printList(known: ServerSettings, name: ListName): void {
  for (const value of listOf(known, name)) print(`${name} ${plain(value)}`);
}

export interface SetFlags {
  /** To the list, instead of in its place. */
  add?: boolean;
  /** An empty list. */
  none?: boolean;
}

/** A price of one model, or all values of a list. */
export async function setSetting(
  flags: Settings,
  name: string,
  values: readonly string[],
  how: SetFlags = {},
): Promise<void> {
  const { add = false, none = false } = how;
  if (!isList(name)) {
    const [text, ...more] = values;
    if (text === undefined || more.length > 0 || add || none) throw new Misuse(`${name} takes one value.`);
    return setPrice(flags, name, text);
  }
  if (none === values.length > 0 || (none && add)) throw new Misuse(`Give values for ${name}, or --none.`);
  const server = requireServer(flags);
  const changed = withList(await readSettings(server), name, values, add);
  await writeSettings(server, changed);
  if (flags.json) return printJson({ [name]: listOf(changed, name) });
  print(`${name} has ${listOf(changed, name).length} values now. See: agentpane settings get ${name}`);
}

/** In dollars a million tokens; the others of that model stay as they are. */
async function setPrice(flags: Settings, name: string, text: string): Promise<void> {
  const { model, kind } = priceName(name);
  const price = priceOf(text);
  const server = requireServer(flags);
  const known = await readSettings(server);
  const override = { ...known.prices[model], [kind]: price };
  await writeSettings(server, { ...known, prices: { ...known.prices, [model]: override } });
  if (flags.json) return printJson({ [name]: price });
  print(`${plain(name)} is ${price} dollars a million tokens now. History is priced anew in the background.`);
  if (override.input === undefined || override.output === undefined)
    say("A model that nobody lists stays unpriced until both its input and its output are set.");
}

/** Takes a price back, or all of a model's (`prices.MODEL`), so that what is listed counts again; or makes a list what it was at first. */
export async function unsetSetting(flags: Settings, name: string): Promise<void> {
  const server = requireServer(flags);
  const known = await readSettings(server);
  if (isList(name)) {
    const changed = withoutList(known, name);
    await writeSettings(server, changed);
    return flags.json ? printJson({ [name]: listOf(changed, name) }) : print(`${name} is what it was at first.`);
  }
  const prices = { ...known.prices };
  const whole = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : "";
  if (Object.hasOwn(prices, whole)) delete prices[whole];
  else {
    const { model, kind } = priceName(name);
    const { [kind]: taken, ...left } = prices[model] ?? {};
    if (taken === undefined) throw new Error(`${name} is not set. See: agentpane settings get`);
    if (Object.keys(left).length > 0) prices[model] = left;
    else delete prices[model];
  }
  await writeSettings(server, { ...known, prices });
  if (flags.json) return printJson({ [name]: null });
  print(`${plain(name)} is as listed again. History is priced anew in the background.`);
}

/** A model's id may hold dots itself, so the kind is what stands behind the last one. */
function priceName(name: string): PriceName {
  const dot = name.lastIndexOf(".");
  const model = name.slice(PREFIX.length, dot);
  if (!name.startsWith(PREFIX) || dot < PREFIX.length || model === "") throw unknownName(name);
  const kind = PRICE_KINDS.find((each) => each === name.slice(dot + 1));
  if (kind === undefined) throw new Misuse(`${name} does not end in a kind of price. The kinds: ${KINDS}.`);
  return { model, kind };
}

function unknownName(name: string): Misuse {
  const lists = LISTS.join(", ");
  return new Misuse(
    `There is no setting ${name}. Write prices.MODEL.KIND, as in ${EXAMPLE}. The kinds: ${KINDS}. Besides: ${lists}.`,
  );
}

function priceOf(text: string): number {
  const price = text.trim() === "" ? Number.NaN : Number(text);
  if (priceOverride.shape.input.safeParse(price).success) return price;
  throw new Misuse(`${text} is no price. Give dollars a million tokens as a number from 0 to 100000, as in 3.5.`);
}

function listed({ prices }: ServerSettings): [string, number][] {
  return Object.entries(prices).flatMap(([model, override]) =>
    PRICE_KINDS.flatMap((kind): [string, number][] => {
      const price = override[kind];
      return price === undefined ? [] : [[`${PREFIX}${model}.${kind}`, price]];
    }),
  );
}

async function readSettings(server: RunningServer): Promise<ServerSettings> {
  return settings.parse(await server.call("GET", "/settings"));
}

async function writeSettings(server: RunningServer, changed: ServerSettings): Promise<void> {
  await server.call("PUT", "/settings", changed);
}
