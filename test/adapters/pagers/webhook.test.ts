import { describe, expect, it } from "vitest";
import { webhook } from "../../../adapters/pagers/webhook.ts";
import { page, pagedAt, pagerContract, report } from "../../contracts/pager-contract.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { startDesk } from "../../fakes/desk.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import { townHall } from "../../fixtures/sites.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const signal = new AbortController().signal;
const newer = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

function open(url: string, key: string | [newer: string, older: string] = secret) {
  return webhook.open({ url, secret: key }, createPagerHost(new FakeClock(pagedAt)));
}

pagerContract("webhook", webhook, async () => {
  const desk = await startDesk({ secret, now: () => pagedAt });
  return {
    options: { url: desk.url, secret },
    behave: (behaviour) => {
      if (behaviour.kind === "answer") throw new Error("HTTP has no answers of its own");
      else if (behaviour.kind !== "status") desk.answerWith(behaviour);
      else desk.answerWith({ ...behaviour, kind: "refuse" });
    },
    received: () => {
      desk.ignoreRest();
      return desk.expectPage();
    },
    get keys() {
      return desk.pages.map(({ key }) => key);
    },
    lastText: () => toText(desk.pages.at(-1)),
    secrets: [secret, desk.url, new URL(desk.url).host],
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
});

/** All that its reader may show. */
function toText(page: unknown): string {
  if (typeof page !== "object" || page === null) return String(page ?? "");
  return Object.values(page).map(toText).join("\n");
}

describe("the signed page", () => {
  it("says what the manual promises, and nothing else", async () => {
    await using desk = await startDesk({ secret, now: () => pagedAt });
    await open(desk.url).page(page, signal);
    expect(await desk.expectPage("unclaimed")).toEqual({
      key: "i-1-1-1",
      page: "i-1-1-1",
      reason: "unclaimed",
      incident: {
        id: "i-1",
        number: 17,
        place: "Spreekkamer 3",
        directions: "Begane grond, links van de balie",
        position: { lat: 52.5, lon: 5.7, accuracyM: 12 },
        raisedAt: "2026-11-24T09:00:00.000Z",
        verification: "none",
        onTheWay: 0,
      },
      acceptUrl: page.acceptUrl,
    });
  });

  it("says where the location is, and whom to call back, where there are locations", async () => {
    await using desk = await startDesk({ secret, now: () => pagedAt });
    await open(desk.url).page({ ...page, site: { ...townHall, account: "1234" } }, signal);
    const { location } = await desk.expectPage("unclaimed");
    expect(location).toEqual({
      organisation: "Gemeente Voorbeeld",
      name: "Gemeentehuis",
      address: "Raadhuisplein 12-A, 1234 AB Voorbeeld",
      entrance: "Hoofdingang, meld je bij de balie",
      callBack: "+31300000001",
      account: "1234",
      position: { lat: 52.52, lon: 5.71 },
    });
  });

  it("sends updates and call-offs in the same form, with a key of their own", async () => {
    await using desk = await startDesk({ secret, now: () => pagedAt });
    const ready = open(desk.url);
    await ready.update?.({ ...page, key: "i-1-1-1-u1", reason: "update" }, signal);
    await ready.callOff?.({ ...page, key: "i-1-1-1-c1", reason: "call-off" }, signal);
    expect(await desk.expectPage("update")).toMatchObject({ key: "i-1-1-1-u1", page: "i-1-1-1" });
    expect(await desk.expectPage("call-off")).toMatchObject({ key: "i-1-1-1-c1", page: "i-1-1-1" });
  });

  it("tells of a trouble without a word of a page", async () => {
    await using desk = await startDesk({ secret, now: () => pagedAt });
    await open(desk.url).tell?.(report, signal);
    const { key, words } = report;
    expect(await desk.expectPage("trouble")).toEqual({ key, report: key, reason: "trouble", ...words });
  });

  it("signs with the bytes of a secret that is no whsec_", async () => {
    const plain = "a-plain-secret-of-enough-length";
    await using desk = await startDesk({ secret: plain, now: () => pagedAt });
    await open(desk.url, plain).page(page, signal);
    await desk.expectPage("unclaimed");
  });

  it.each([newer, secret])("is right by either secret, while it is changed at the desk: %s", async (known) => {
    await using desk = await startDesk({ secret: known, now: () => pagedAt });
    await open(desk.url, [newer, secret]).page(page, signal);
    await desk.expectPage("unclaimed");
  });

  it("is wrongly configured for a desk with another secret", async () => {
    await using desk = await startDesk({ secret: "another-secret-altogether", now: () => pagedAt });
    const sending = open(desk.url).page(page, signal);
    await expect(sending).rejects.toMatchObject({ reason: "misconfigured" });
    expect(desk.forged).toBe(1);
    desk.expectNothing();
  });
});
