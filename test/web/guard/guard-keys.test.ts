import { expect, it } from "vitest";
import { type GuardKeys, toGuardKeys, toGuardToken } from "../../../bot/web/guard/guard-token.ts";
import { guardKey, openDoors } from "../doors.ts";
import { buildView, pageKey } from "./guard-views.ts";

const first = "eerste-geheim-van-de-links-van-de-bewaker";
const second = "tweede-geheim-van-de-links-van-de-bewaker";
const third = "derde-geheim-van-de-links-van-de-bewaker";

/** What becomes of that link after a restart with these keys. */
async function tryLink(link: string, guardKeys: GuardKeys) {
  const answers: string[] = [];
  const answer = async (_key: string, given: string) => answers.push(given);
  await using doors = await openDoors({ guardKeys, guard: { load: async () => buildView(), answer } });
  const opened = await fetch(`${doors.url}/guard/${link}`);
  const pressed = await fetch(`${doors.url}/guard/${link}`, { method: "POST", body: "answer=accept" });
  return { statuses: [opened.status, pressed.status], answers, events: doors.lines.map(({ event }) => event) };
}

const works = { statuses: [200, 200], answers: ["accept"], events: [] };
const isRefused = { statuses: [404, 404], answers: [], events: ["guard-link-refused"] };

it("a link made with the store's own key outlives the first configured one, and not two", async () => {
  const link = toGuardToken(pageKey, toGuardKeys([], guardKey)[0]);
  expect(await tryLink(link, toGuardKeys([first], guardKey))).toEqual(works);
  expect(await tryLink(link, toGuardKeys([second, first], guardKey))).toEqual(isRefused);
});

it("a link opens and answers after its key was replaced once, and is refused after twice", async () => {
  const link = toGuardToken(pageKey, toGuardKeys([first], guardKey)[0]);
  expect(await tryLink(link, toGuardKeys([first], guardKey))).toEqual(works);
  expect(await tryLink(link, toGuardKeys([second, first], guardKey))).toEqual(works);
  expect(await tryLink(link, toGuardKeys([third, second], guardKey))).toEqual(isRefused);
});

it("a link is made with the newest key", async () => {
  const link = toGuardToken(pageKey, toGuardKeys([second, first], guardKey)[0]);
  expect(await tryLink(link, toGuardKeys([second], guardKey))).toEqual(works);
  expect(await tryLink(link, toGuardKeys([first], guardKey))).toEqual(isRefused);
});

it("a link of a key that is gone is limited as any guess", async () => {
  const link = toGuardToken(pageKey, toGuardKeys([first], guardKey)[0]);
  await using doors = await openDoors({ guardKeys: toGuardKeys([third, second], guardKey) });
  const statuses = [];
  for (let attempt = 0; attempt < 21; attempt++) statuses.push((await fetch(`${doors.url}/guard/${link}`)).status);
  expect(statuses).toEqual([...Array(20).fill(404), 429]);
});
