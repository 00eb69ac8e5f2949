import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BotWithTokens, serviceUrl, startWithTokens } from "./start-with-tokens.ts";

type Sample = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** Without these nobody knows whose it is, or that it is one at all. */
const always = ["type", "channelId", "serviceUrl", "from", "from.id"];
/** What answers something else than an alarm has to know besides. */
const whole = ["recipient", "recipient.id", "conversation", "conversation.id"];
const clicked = [...always, ...whole, "value"];

/** What each recorded activity does, and what it does not do without. */
const samples: readonly (readonly [name: string, does: "press" | "click" | "nothing", needed: readonly string[]])[] = [
  ["message-in-chat", "press", [...always, "text"]],
  ["message-in-channel", "press", [...always, "text"]],
  ["message-edited", "press", [...always, "text"]],
  ["message-put-back", "press", [...always, "text"]],
  ["message-deleted", "nothing", [...always, ...whole]],
  [
    "click",
    "click",
    [...clicked, "value.action", "value.action.verb", "value.action.data", "value.action.data.incident"],
  ],
  ["click-of-old-client", "click", [...clicked, "value.verb", "value.incident"]],
  ["installed-in-channel", "nothing", [...always, ...whole]],
  ["installed-in-chat", "nothing", [...always, ...whole]],
  ["member-added", "nothing", [...always, ...whole]],
];

let teams: BotWithTokens;
let presses = 0;

beforeAll(async () => {
  teams = await startWithTokens();
  teams.bot.personal.press = async () => {
    presses += 1;
    return { kind: "pressed", id: "i-1", incident: null };
  };
});

afterAll(() => teams[Symbol.asyncDispose]());

function load(name: string): Sample {
  const path = join(import.meta.dirname, `../../fixtures/teams/${name}.json`);
  return { ...JSON.parse(readFileSync(path, "utf8")).activity, serviceUrl };
}

/** Every field, at any depth. */
function toPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => [[...path, key], ...toPaths(inside, [...path, key])]);
}

/** The activity with that field null, or left out. */
function without(activity: Sample, path: Path, isNull: boolean): Sample {
  const changed = structuredClone(activity);
  const inside = path.slice(0, -1).reduce<object>((at, key) => Reflect.get(at, key), changed);
  const last = path.at(-1) ?? "";
  if (isNull) Reflect.set(inside, last, null);
  else Reflect.deleteProperty(inside, last);
  return changed;
}

async function send(activity: Sample): Promise<{ status: number; presses: number; clicks: number }> {
  const { clicks } = teams.bot;
  const before = { presses, clicks: clicks.length };
  const status = await teams.post(await teams.bearer(), activity);
  return { status, presses: presses - before.presses, clicks: clicks.length - before.clicks };
}

describe.each(samples)("%s", (name, does, needed) => {
  const done = { status: 200, presses: does === "press" ? 1 : 0, clicks: does === "click" ? 1 : 0 };

  it("is understood as it was recorded", async () => {
    expect(await send(load(name))).toEqual(done);
  });

  it.each([
    ["null", true],
    ["left out", false],
  ])("does the same with any field that it does not need %s", async (_how, isNull) => {
    const activity = load(name);
    const paths = toPaths(activity).filter((path) => !needed.includes(path.join(".")));
    expect(paths.length).toBeGreaterThan(15);
    for (const path of paths) {
      const what = path.join(".");
      expect([what, await send(without(activity, path, isNull))]).toEqual([what, done]);
    }
  });
});

describe.each(samples.filter(([, does]) => does === "press"))("%s", (name, _does, needed) => {
  it("is an alarm with nothing but what it needs", async () => {
    const { type, channelId, from, text } = load(name);
    const { id } = from as { id: string };
    expect(needed).toHaveLength(6);
    expect(await send({ type, channelId, serviceUrl, from: { id }, text })).toMatchObject({ status: 200, presses: 1 });
  });

  it("of another tenant is none, however little it says", async () => {
    const { type, channelId, from, text } = load(name);
    const channelData = { tenant: { id: "99999999-9999-4999-8999-999999999999" } };
    expect(await send({ type, channelId, serviceUrl, from, text, channelData })).toMatchObject({
      status: 401,
      presses: 0,
    });
  });
});
