import { isNew, type ProvenRoute } from "../../domain/ring-test/proven-route.ts";
import { type AskedRoute, formatRingTest, keepAsked, parseRingTest } from "../../domain/ring-test/ring-test.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Reader, Transaction } from "../../ports/store/store.ts";

/** By which pager people on duty are called; null: no policy calls them. The first that is named stands for all. */
export function callPagerOf({ policies }: Pick<Directory, "policies">): string | null {
  const steps = policies.flatMap(({ policy }) => policy.steps);
  return steps.flatMap((step) => (step.kind === "call" ? [step.pager] : []))[0] ?? null;
}

/** The routes by which these people are rung: their chat, and where a policy calls people, their phone. */
export function listRoutes(directory: Directory, people: Directory["people"]): readonly AskedRoute[] {
  const isCalled = callPagerOf(directory) !== null;
  return people.flatMap((person): AskedRoute[] => {
    const hasPhone = isCalled && directory.phoneOf(person) !== null;
    return [{ person, route: "chat" }, ...(hasPhone ? [{ person, route: "phone" } as const] : [])];
  });
}

/** Saves which routes there are as known on that day, and forgets those that have left; resolves with how many. */
export async function keepRoutes(tx: Transaction, directory: Directory, day: string): Promise<number> {
  const routes = listRoutes(directory, directory.people);
  const isKept = (of: ProvenRoute) => routes.some(({ person, route }) => person.id === of.person && route === of.route);
  const gone = (await tx.listProvenRoutes()).filter((each) => !isKept(each));
  for (const each of gone) await tx.deleteProvenRoute(each);
  for (const { person, route } of routes) {
    const known = await tx.loadProvenRoute({ person: person.id, route });
    if (known !== null) continue;
    await tx.saveProvenRoute({ person: person.id, route, knownOn: day, askedOn: null, provenOn: null });
  }
  const newest = parseRingTest(await tx.loadSetting("ring-test", "newest"));
  const kept = newest && keepAsked(newest, (person) => directory.personOf(person) !== null);
  if (kept !== null && kept !== newest) await tx.saveSetting("ring-test", "newest", formatRingTest(kept));
  return gone.length;
}

/** Lists the routes of these people that nobody has asked about yet. */
export async function listNewRoutes(
  reader: Reader,
  directory: Directory,
  people: Directory["people"],
): Promise<readonly AskedRoute[]> {
  const stored = (await reader.listProvenRoutes()).filter(isNew);
  return listRoutes(directory, people).filter(({ person, route }) =>
    stored.some((each) => each.person === person.id && each.route === route),
  );
}
