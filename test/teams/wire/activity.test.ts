import { expect, it } from "vitest";
import { toActivity } from "../../fakes/teams-activity.ts";
import { alarms, alice, type Started, start } from "../start.ts";

const texts = { type: "message", text: "alarm Balie 2", textFormat: "plain", attachments: [], replyToId: "1" };
const mention = { type: "mention", text: "<at>Rugdekking</at>", mentioned: { id: "28:x", name: "Rugdekking" } };
const sides = { entities: [mention], action: "add", membersAdded: [{ id: "28:x" }], localTimestamp: "x" };

function toClick(verb: string, data: unknown) {
  const value = { action: { type: "Action.Execute", id: "x", verb, data }, trigger: "manual" };
  return { type: "invoke", name: "adaptiveCard/action", value };
}

type Path = readonly (string | number)[];

/** Every field of what JSON can hold, at any depth. */
function toPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [[...path, key], ...toPaths(Reflect.get(value, key), [...path, key])]);
}

function change(activity: unknown, path: Path, value: unknown): unknown {
  const changed: unknown = structuredClone(activity);
  const [last = "", ...rest] = path.toReversed();
  let at: unknown = changed;
  for (const key of rest.toReversed()) at = Reflect.get(Object(at), key);
  Reflect.set(Object(at), last, value);
  return changed;
}

const wrongs = [undefined, null, 5, true, "", "x", [], [null], {}, { foo: 1 }, [{ foo: 1 }]];

/** Without these nobody knows what it is, who sent it and where to, or it is another alarm or click. */
const needed =
  /^(?:type|channelId|serviceUrl|from|from\.id|recipient|recipient\.id|conversation|conversation\.id|text|name|value(?:\.action(?:\.(?:type|verb|data|data\.incident))?)?)$/;

async function send(bot: Started, activity: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(bot.fake.botUrl, { method: "POST", headers, body: JSON.stringify(activity) })).status;
}

it.each([
  ["a typed alarm", texts],
  ["an alarm by a button", toClick("alarm", { incident: "i-1", test: "t-1", pager: "p-1" })],
  ["an alarm by an old client's button", { type: "message", value: { verb: "alarm", incident: "i-1" } }],
  ["a claim", toClick("claim", { incident: "i-1", outcome: "real" })],
  ["a claim by an old client", { type: "message", value: { verb: "claim", incident: "i-1", outcome: "real" } }],
])("%s stays one whatever stands in any one field that it does not need", async (_name, parts) => {
  await using bot = await start();
  let presses = 0;
  bot.personal.press = async () => {
    presses += 1;
    return { kind: "pressed", id: "i-1", incident: null };
  };
  const activity = toActivity(bot.fake, alice, alarms, { ...sides, ...parts });
  const isNeeded = (path: string) => needed.test(path) || /^value\.(?:verb|incident)$/.test(path);
  const paths = toPaths(activity).filter((path) => !isNeeded(path.join(".")));
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) {
    for (const wrong of wrongs) {
      const before = presses + bot.clicks.length;
      const status = await send(bot, change(activity, path, wrong));
      const what = `${path.join(".")} = ${JSON.stringify(wrong)}`;
      expect([what, status, presses + bot.clicks.length - before]).toEqual([what, 200, 1]);
    }
  }
});
