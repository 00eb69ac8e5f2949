import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toSignedHeaders } from "../../adapters/kit/standard-webhooks.ts";
import { findFreePorts } from "../../bot/cli/demo/free-ports.ts";
import { deskPath, GuardDesk } from "../../bot/cli/demo/guard-desk.ts";
import { desk as deskWords } from "../../bot/words/terminal/desk.ts";
import { FakeClock } from "../fakes/clock.ts";

const words = deskWords.nl;
const secret = "een-lang-geheim-voor-de-desk";
const clock = new FakeClock(Date.parse("2026-11-24T13:00:00Z"));
const acceptUrl = "http://127.0.0.1:1/guard/abc";

function toPage(reason: string, changed: Record<string, unknown> = {}, page = "17:1:1") {
  const incident = {
    id: "17",
    number: 17,
    place: "Spreekkamer <3>",
    directions: "Links van de balie",
    position: null,
    raisedAt: "2026-11-24T12:59:00Z",
    verification: "none",
    onTheWay: 0,
    ...changed,
  };
  return JSON.stringify({ page, reason, incident, acceptUrl });
}

describe("the guard desk of the demo", () => {
  let desk: GuardDesk;
  let received: (string | null)[];

  beforeEach(async () => {
    received = [];
    const onPage = (page: { acceptUrl: string | null }) => received.push(page.acceptUrl);
    desk = await GuardDesk.start({ port: 0, secret, language: "nl", timezone: "Europe/Amsterdam", clock, onPage });
  });
  afterEach(() => desk[Symbol.asyncDispose]());

  const screen = async () => (await fetch(desk.url)).text();

  async function send(body: string, by = secret): Promise<number> {
    const headers = toSignedHeaders("key", body, by, clock.now());
    return (await fetch(`${desk.url}${deskPath}`, { method: "POST", headers, body })).status;
  }

  it("is quiet at first, and asks again by itself", async () => {
    const shown = await fetch(desk.url);
    expect(await shown.text()).toContain("Geen oproepen");
    expect(shown.headers.get("refresh")).toBe("1");
  });

  it("shows place, directions, verification, reason and the link of a signed page", async () => {
    expect(await send(toPage("unclaimed"))).toBe(204);
    const shown = await screen();
    expect(shown).toContain("Spreekkamer &lt;3&gt;");
    expect(shown).toContain("Links van de balie");
    expect(shown).toContain("<dd>Er is niemand onderweg</dd>");
    expect(shown).toContain("Nog niet");
    expect(shown).toContain(`href="${acceptUrl}"`);
    expect(shown).toContain("14:00:00");
    expect(shown).toContain("nummer 17");
    expect(received).toEqual([acceptUrl]);
  });

  it("has one card an alarm, however often it is paged, with what was answered", async () => {
    await send(toPage("unclaimed"));
    await send(toPage("unclaimed", { id: "18", number: 18, place: "Balie" }, "18:1:1"));
    expect(await screen()).toContain(words.accept);
    desk.noteAnswer("17", "14:00:20 Een beveiliger komt.");
    desk.noteAnswer("18", "14:00:25 Een beveiliger komt niet.");
    desk.noteAnswer("99", "14:00:30 Een beveiliger komt.");
    const answered = await screen();
    expect(answered.match(/<article/g)).toHaveLength(2);
    expect(answered).toContain("<dd>14:00:20 Een beveiliger komt.</dd>");
    expect(answered).not.toContain(words.accept);
    expect(answered).toContain(words.open);
    // A round later: the same card, on top again, which asks again and keeps what was answered.
    await send(toPage("repeat", {}, "17:2:1"));
    await send(toPage("repeat", {}, "17:2:1"));
    const again = await screen();
    expect(again.match(/<article/g)).toHaveLength(2);
    expect(again.indexOf("Spreekkamer")).toBeLessThan(again.indexOf("Balie"));
    expect(again.match(new RegExp(words.accept, "g"))).toHaveLength(1);
    expect(again).toContain("14:00:20 Een beveiliger komt.");
    expect(received).toHaveLength(3);
  });

  it("refuses a page with a wrong signature, and says so", async () => {
    expect(await send(toPage("unclaimed"), "een-heel-ander-geheim")).toBe(401);
    const shown = await screen();
    expect(shown).toContain("handtekening klopt niet: 1");
    expect(shown).not.toContain("Spreekkamer");
    expect(received).toEqual([]);
  });

  it("shows an update of a page in its place, and takes the link away when it was called off", async () => {
    await send(toPage("unclaimed"));
    await send(toPage("update", { verification: "witnessed", onTheWay: 2 }));
    const updated = await screen();
    expect(updated.match(/<article/g)).toHaveLength(1);
    expect(updated).toContain("Ja, iemand ter plaatse zegt dat het echt is");
    expect(updated).toContain("2 onderweg of al ter plaatse");
    expect(updated).toContain("<dd>Er is niemand onderweg</dd>");
    await send(toPage("call-off"));
    const off = await screen();
    expect(off).toContain("ingetrokken");
    expect(off).not.toContain(acceptUrl);
    expect(received).toHaveLength(1);
  });
});

describe("free ports", () => {
  it("passes over one that is taken, and names none twice", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const found = await findFreePorts(port, 0, 0, 0);
    expect(found).not.toContain(port);
    expect(new Set(found).size).toBe(4);
    await new Promise((resolve) => taken.close(resolve));
  });
});
