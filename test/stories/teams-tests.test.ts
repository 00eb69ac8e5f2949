import { describe, expect, it } from "vitest";
import { type TeamsStep, type TeamsTest, teamsSteps } from "../../bot/domain/teams-test/teams-test.ts";
import { toStepLine } from "../../bot/words/terminal/teams-step.ts";
import { textsOf } from "../card-text.ts";
import { nl } from "../dutch.ts";
import { toActivity } from "../fakes/teams-activity.ts";
import { alice, type Bot, backOffice, bob, carol, frontdesk, minute, people, second, startBot } from "../harness.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const registered = { lifeSeconds: 3_600 };

/** Nobody wears a button, so that nobody has a card in their chat before anything happened. */
const buttons = [{ source: "buttons", id: "0042", place: "Spreekkamer 3" }];

function start(settings: Record<string, unknown> = {}): Promise<Bot> {
  return startBot({ registered, settings: { doctorToken, buttons, ...settings } });
}

async function call(bot: Bot, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${doctorToken}` };
  const isPost = body !== undefined;
  const answered = await fetch(`${bot.url}/doctor/teams${path}`, {
    method: isPost ? "POST" : "GET",
    headers,
    ...(isPost ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answered.status, body: (await answered.json()) as TeamsTest & { reason?: string } };
}

/** Asks for a test, and lets it try everything. */
async function test(bot: Bot, person: string | null = alice.name): Promise<TeamsTest> {
  const { status, body } = await call(bot, "", { channel: "frontdesk", person });
  expect(status).toBe(202);
  await bot.fastForward(15 * second);
  return look(bot, body.id);
}

async function look(bot: Bot, id: string): Promise<TeamsTest> {
  return (await call(bot, `/${id}`)).body;
}

async function end(bot: Bot, id: string): Promise<TeamsTest> {
  expect((await call(bot, `/${id}/end`, {})).status).toBe(202);
  await bot.fastForward(15 * second);
  return look(bot, id);
}

/** Somebody clicks the button of that test; answers with what they are shown. */
async function click(bot: Bot, id: string, where = frontdesk, entities: unknown[] = []): Promise<string> {
  const value = { action: { type: "Action.Execute", verb: "test-click", data: { test: id } } };
  const parts = { type: "invoke", name: "adaptiveCard/action", entities, value };
  const { body } = await bot.teams.send(toActivity(bot.teams, bob, where, parts));
  await bot.settle();
  return textsOf((body as { value?: unknown } | null)?.value).join("\n");
}

function statesOf({ steps }: TeamsTest): Record<string, string> {
  return Object.fromEntries(teamsSteps.map((step) => [step, steps[step].state]));
}

function failedOf({ steps }: TeamsTest): TeamsStep[] {
  return teamsSteps.filter((step) => steps[step].state === "failed");
}

const allOk = Object.fromEntries(teamsSteps.map((step) => [step, "ok"]));

describe("a test of Teams", () => {
  it("tries all that an alarm needs, rings the one person who is named, and says that it is over", async () => {
    await using bot = await start();
    const before = bot.teams.edits.length;
    const { id, steps } = await test(bot);
    expect(steps.button).toEqual({ state: "waiting", reason: null, answer: null });
    const iphone = [{ type: "clientInfo", platform: "iOS", locale: "nl-NL" }];
    expect(await click(bot, id, frontdesk, iphone)).toContain(nl.teamsTest.clicked);
    expect(await click(bot, id)).toContain(nl.teamsTest.clicked);

    const tried = await look(bot, id);
    // Teams finds members by their team, and nobody by the channel's own id.
    expect(statesOf(tried)).toEqual({ ...allOk, "member-by-channel": "harmless" });
    expect(tried.clicks.map(({ client }) => client)).toEqual(["iOS", null]);
    expect(bot.teams.rung(alice.aadObjectId)).toBe(2);
    for (const other of [bob, carol]) expect(bot.teams.rung(other.aadObjectId)).toBe(0);

    const over = await end(bot, id);
    // Teams did not say the id of the reply.
    expect(over).toMatchObject({ isOver: true, messages: { left: 5, unmarked: 1 } });
    expect(bot.teams.edits.slice(before).at(-1)?.body.text).toContain(nl.teamsTest.over);
    for (const { shown } of bot.teams.cards) expect(JSON.stringify(shown.at(-1))).toContain(nl.teamsTest.over);
    const { cards, texts, replies, direct } = bot.teams;
    const left = [...cards, ...texts, ...replies, ...direct].filter(({ body }) =>
      JSON.stringify(body).includes("test"),
    );
    for (const { body } of left) expect(JSON.stringify(body)).toContain(nl.teamsTest.headline);
    expect(left).toHaveLength(5);
    expect(await click(bot, id)).toContain(nl.teamsTest.gone);
    expect((await look(bot, id)).clicks).toHaveLength(2);
    expect(await bot.read((reader) => reader.listOpen(10))).toEqual([]);
  });

  it("rings nobody when nobody is named, and says what it did not try", async () => {
    await using bot = await start();
    const { steps } = await test(bot, null);
    for (const step of ["mention", "chat"] as const) {
      expect(steps[step]).toMatchObject({ state: "skipped", reason: "no-person" });
      expect(toStepLine(step, steps[step], "nl")).toContain('--person "A. Jansen"');
    }
    for (const each of [alice, bob, carol]) expect(bot.teams.rung(each.aadObjectId)).toBe(0);
  });

  it("rings somebody by their Entra id, also who is not in the configuration", async () => {
    await using bot = await start({ people: people.slice(1) });
    const tried = await test(bot, alice.aadObjectId.toUpperCase());
    expect(failedOf(tried)).toEqual([]);
    expect(bot.teams.rung(alice.aadObjectId)).toBe(2);
    expect(bot.teams.cards.some(({ body }) => JSON.stringify(body).includes(`<at>${alice.name}</at>`))).toBe(true);
  });

  it("shows nothing that is secret", async () => {
    await using bot = await start();
    bot.teams.forbid("uninstalled");
    const { id } = await test(bot);
    const told = JSON.stringify(await end(bot, id));
    for (const secret of [doctorToken, "not-a-real-secret", bot.teams.tenantId, "127.0.0.1", "Bearer", "eyJ"])
      expect(told).not.toContain(secret);
  });
});

/** What is broken, and the one step that then fails: why, with what answer, and the words that its line has. */
const failures: readonly [
  step: TeamsStep,
  what: string,
  broken: (bot: Bot) => unknown,
  expected: { reason: string; answer: string | null; says: string },
][] = [
  ...(
    [
      ["secret-wrong", 7_000_215, "niet de id ervan"],
      ["secret-expired", 7_000_222, "is verlopen"],
      ["app-unknown", 700_016, "teams.appId"],
      ["tenant-unknown", 90_002, "teams.tenantId"],
      ["app-disabled", 7_000_112, "staat in Entra uit"],
      ["access-blocked", 53_003, "voorwaardelijke toegang"],
      ["login-refused", 50_034, "geeft geen token"],
    ] as const
  ).map(([reason, code, says]): (typeof failures)[number] => [
    "token",
    reason,
    (bot) => setToken(bot, { code }),
    { reason, answer: `AADSTS${code}`, says },
  ]),
  [
    "token",
    "the login server is down",
    (bot) => setToken(bot, 503),
    { reason: "login-unreachable", answer: null, says: "login.microsoftonline.com" },
  ],
  [
    "post",
    "Teams refuses a message",
    ({ teams }) => teams.fail("text", { kind: "status", status: 403, code: "BotDisabledByAdmin", times: 1 }),
    { reason: "refused", answer: "403 BotDisabledByAdmin", says: "geen alarm in dit kanaal" },
  ],
  [
    "post",
    "Teams has had too many calls",
    ({ teams }) => teams.fail("text", { kind: "status", status: 429, code: "Throttled", times: 1 }),
    { reason: "throttled", answer: "429 Throttled", says: "Wacht een minuut" },
  ],
  [
    "edit",
    "Teams refuses an edit",
    ({ teams }) => teams.fail("update", { kind: "status", status: 403, code: "ServiceError", times: 1 }),
    { reason: "refused", answer: "403 ServiceError", says: "laat dan niet zien wie er gaat" },
  ],
  [
    "reply",
    "Teams refuses a reply",
    ({ teams }) => teams.fail("reply", { kind: "status", status: 403, code: "MessageWritesBlocked", times: 1 }),
    { reason: "refused", answer: "403 MessageWritesBlocked", says: "niet onder de kaart" },
  ],
  [
    "member-by-channel",
    "Teams does not answer a look-up",
    ({ teams }) => teams.fail("member", { kind: "status", status: 502, code: "BadGateway", times: 1 }),
    { reason: "unreachable", answer: "502 BadGateway", says: "een storing heeft" },
  ],
  [
    "member-by-team",
    "the person is not in the team",
    ({ teams }) => teams.roster.leave(alice),
    { reason: "not-found", answer: null, says: "lid is van het team" },
  ],
  [
    "mention",
    "Teams does not take a mention",
    ({ teams }) => teams.fail("card", { kind: "status", status: 400, code: "BadArgument", times: 1 }),
    { reason: "content-refused", answer: "400 BadArgument", says: "geeft dan niemand een melding" },
  ],
  [
    "chat",
    "the person has blocked the bot",
    ({ teams }) => teams.forbid("blocked", alice),
    { reason: "refused", answer: "403 ConversationBlockedByUser", says: "de bot heeft geblokkeerd" },
  ],
];

function setToken({ issuer }: Bot, mode: NonNullable<Bot["issuer"]>["tokenMode"]): void {
  if (issuer !== null) issuer.tokenMode = mode;
}

describe("a step that fails says so, what it means and what to do, and no other step does", () => {
  it.each(failures)("%s: %s", async (step, _what, broken, { says, ...expected }) => {
    await using bot = await start();
    await broken(bot);
    const { id } = await test(bot);
    await click(bot, id);
    const tried = await look(bot, id);
    expect(tried.steps[step]).toEqual({ state: "failed", ...expected });
    expect(failedOf(tried)).toEqual([step]);
    const line = toStepLine(step, tried.steps[step], "nl") ?? "";
    expect(line).toMatch(/^✗ .+: niet gelukt\. /);
    expect(line).toContain(says);
    if (expected.answer !== null) expect(line).toContain(expected.answer);
  });

  it("button: Teams takes no cards with buttons", async () => {
    await using bot = await start();
    bot.teams.fail("card", { kind: "status", status: 403, code: "BotDisabledByAdmin", times: 1 });
    const tried = await test(bot, null);
    expect(failedOf(tried)).toEqual(["button"]);
    expect(toStepLine("button", tried.steps.button, "nl")).toContain("kaarten mogen plaatsen");
  });

  it("button: nobody clicks, or their click does not arrive", async () => {
    await using bot = await start();
    const over = await end(bot, (await test(bot)).id);
    expect(failedOf(over)).toEqual(["button"]);
    expect(toStepLine("button", over.steps.button, "nl")).toContain("kijk naar de volgende regel");
  });

  it("inbound: nothing has come in since the start, and so no click either", async () => {
    await using bot = await start();
    await bot.restart();
    const { id, steps } = await test(bot);
    expect(steps.inbound.state).toBe("waiting");
    const over = await end(bot, id);
    expect(failedOf(over)).toEqual(["button", "inbound"]);
    expect(toStepLine("inbound", over.steps.inbound, "nl")).toContain("/api/messages");
  });

  it("member by team: the bot does not know of which team the channel is", async () => {
    await using bot = await start({ channels: { frontdesk: { conversation: "19:unseen@thread.tacv2" } } });
    const tried = await test(bot);
    expect(tried.steps["member-by-team"]).toMatchObject({ state: "failed", reason: "team-unknown" });
    expect(tried.steps["member-by-channel"].state).toBe("failed");
  });

  it("all of them: without a token, each line leads to the first", async () => {
    await using bot = await start();
    setToken(bot, { code: 7_000_222 });
    bot.issuer?.revoke();
    const tried = await test(bot);
    expect(tried.steps.token.reason).toBe("secret-expired");
    expect(tried.steps.post).toMatchObject({ state: "failed", reason: "token-refused" });
    expect(toStepLine("post", tried.steps.post, "nl")).toContain("de regel over het token");
    expect(tried.steps.edit).toMatchObject({ state: "skipped", reason: "no-message" });
  });

  it("several: only moderators may post in the channel", async () => {
    await using bot = await start();
    bot.teams.forbid("moderated", { channel: frontdesk });
    const tried = await test(bot);
    expect(failedOf(tried)).toEqual(["post", "mention", "button"]);
  });
});

describe("what comes in from Teams", () => {
  const claims = (bot: Bot) => {
    const now = bot.clock.now() / 1_000;
    return { aud: appIdOf(bot), serviceurl: bot.teams.serviceUrl, nbf: now - 60, exp: now + 600 };
  };
  const say = (bot: Bot, changes: Record<string, unknown> = {}) =>
    bot.teams.send({ ...toActivity(bot.teams, bob, frontdesk, { type: "message", text: "hallo" }), ...changes });
  const setAuthorization = ({ teams }: Bot, authorize: Bot["teams"]["authorize"]) => {
    teams.authorize = authorize;
  };
  const sign = (bot: Bot, changes: Record<string, unknown>, header = {}) =>
    setAuthorization(bot, async () => (await bot.issuer?.sign({ ...claims(bot), ...changes }, header)) ?? null);

  it.each<[string, (bot: Bot) => unknown, Record<string, unknown>?]>([
    ["unreadable", (bot) => setAuthorization(bot, async () => "geen.token")],
    ["issuer", (bot) => sign(bot, { iss: "https://sts.windows.net/x/" })],
    ["audience", (bot) => sign(bot, { aud: "44444444-4444-4444-8444-444444444444" })],
    ["expired", (bot) => sign(bot, { exp: bot.clock.now() / 1_000 - 400 })],
    ["not-yet", (bot) => sign(bot, { nbf: bot.clock.now() / 1_000 + 400 })],
    ["serviceurl", (bot) => sign(bot, { serviceurl: "https://smba.trafficmanager.net/amer/" })],
    ["signature", (bot) => setAuthorization(bot, async () => (await bot.issuer?.forge(claims(bot))) ?? null)],
    ["endorsement", (bot) => sign(bot, {}, { kid: "key-2" })],
    ["host", () => undefined, { serviceUrl: "https://example.org/" }],
    ["tenant", () => undefined, { conversation: { id: frontdesk, tenantId: "99999999-9999-4999-8999-999999999999" } }],
  ])("a call that is refused is told by its flaw: %s", async (flaw, broken, changes = {}) => {
    await using bot = await start();
    const { id } = await test(bot);
    await broken(bot);
    expect((await say(bot, changes)).status).toBe(401);
    const { inbound } = await look(bot, id);
    expect(inbound.refused).toMatchObject([{ flaw }]);
    expect(inbound.takenAt).not.toBeNull();
    const { refused } = inbound;
    if (flaw === "issuer") expect(refused[0]).toMatchObject({ iss: "https://sts.windows.net/x/", aud: appIdOf(bot) });
  });

  it("is told however often strangers knock: the last of each flaw, and no more", async () => {
    await using bot = await start();
    const { id } = await test(bot);
    sign(bot, { aud: "44444444-4444-4444-8444-444444444444" });
    await say(bot);
    bot.teams.authorize = async () => "geen.token";
    for (let stranger = 0; stranger < 50; stranger += 1) await say(bot);
    expect((await look(bot, id)).inbound.refused.map(({ flaw }) => flaw).toSorted()).toEqual([
      "audience",
      "unreadable",
    ]);
  });
});

function appIdOf(bot: Bot): string {
  return (bot.settings.teams as { appId: string }).appId;
}

describe("beside alarms and other tests", () => {
  it("a test that hangs holds up no alarm", async () => {
    await using bot = await start();
    bot.teams.fail("text", { kind: "hang", times: 1 });
    const { body } = await call(bot, "", { channel: "frontdesk", person: alice.name });
    await bot.fastForward(3 * second);
    expect(bot.teams.hanging).toBe(1);
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    // By the mention, the message, and the card below that.
    expect(bot.teams.rung(alice.aadObjectId)).toBe(3);
    expect((await look(bot, body.id)).isAlarmOpen).toBe(true);
  });

  it("makes one call a second, so that an alarm has all of Teams' limits", async () => {
    await using bot = await start();
    bot.teams.calls.splice(0);
    await call(bot, "", { channel: "frontdesk", person: null });
    for (let passed = 1; passed <= 9; passed += 1) {
      await bot.fastForward(second);
      expect(bot.teams.calls.length).toBeLessThanOrEqual(passed);
    }
  });

  it("is the only one, and the next one waits half a minute", async () => {
    await using bot = await start();
    const ask = { channel: "frontdesk", person: null };
    const { body } = await call(bot, "", ask);
    expect(await call(bot, "", ask)).toMatchObject({ status: 409, body: { reason: "running" } });
    await bot.fastForward(2 * second);
    await call(bot, `/${body.id}/end`, {});
    await bot.fastForward(10 * second);
    expect(failedOf(await look(bot, body.id))).toEqual([]);
    expect((await look(bot, body.id)).steps.button).toMatchObject({ state: "skipped", reason: "ended" });
    expect(await call(bot, "", ask)).toMatchObject({ status: 409, body: { reason: "too-soon" } });
    await bot.fastForward(20 * second);
    expect((await call(bot, "", ask)).status).toBe(202);
    expect((await call(bot, `/${body.id}`)).status).toBe(404);
  });

  it("ends of itself when nobody ends it", async () => {
    await using bot = await start();
    const { id } = await test(bot);
    await bot.fastForward(15 * minute);
    expect(await look(bot, id)).toMatchObject({ isOver: true, messages: { unmarked: 1 } });
  });

  it("does not keep the bot from stopping, and is gone after that", async () => {
    await using bot = await start();
    const { id } = await test(bot);
    await bot.restart();
    expect((await call(bot, `/${id}`)).status).toBe(404);
  });

  it("says before a channel is linked whether the token is right and what Teams sends, and posts nothing", async () => {
    const channels = { frontdesk: { conversation: frontdesk }, "back-office": {}, new: {} };
    await using bot = await start({ channels });
    setToken(bot, { code: 7_000_222 });
    bot.teams.calls.splice(0);
    const { body } = await call(bot, "", { channel: "new", person: alice.name });
    await bot.fastForward(15 * second);
    const { steps } = await end(bot, body.id);
    expect(steps.token).toEqual({ state: "failed", reason: "secret-expired", answer: "AADSTS7000222" });
    expect(steps.post).toEqual({ state: "failed", reason: "not-linked", answer: null });
    for (const step of ["edit", "reply", "member-by-channel", "member-by-team", "mention", "chat", "button"] as const)
      expect(steps[step]).toEqual({ state: "skipped", reason: "link-needed", answer: null });
    expect(steps.inbound.state).toBe("ok");
    expect(toStepLine("post", steps.post, "nl")).toContain("@Rugdekking koppel");
    expect(bot.teams.calls.filter(({ route }) => route !== "member")).toEqual([]);
  });

  it("counts a click where its card stands, and nowhere else", async () => {
    await using bot = await start();
    const { id } = await test(bot);
    for (const where of [backOffice, bot.teams.chatOf(bob)]) {
      expect(await click(bot, id, where)).toContain(nl.teamsTest.gone);
    }
    expect(await click(bot, "another")).toContain(nl.teamsTest.gone);
    expect((await look(bot, id)).clicks).toEqual([]);
  });

  it.each([
    ["unknown-channel", { channel: "elders", person: null }],
    ["unknown-person", { channel: "frontdesk", person: "Niemand" }],
    ["several-people", { channel: "frontdesk", person: "alice jansen" }],
  ])("%s: it is not started, and nothing is posted", async (reason, ask) => {
    const twin = { name: alice.name, id: "00000000-0000-4000-8000-000000000099", onDuty: "never" };
    const channels = { frontdesk: { conversation: frontdesk }, "back-office": {} };
    await using bot = await start({ people: [...people, twin], channels });
    bot.teams.calls.splice(0);
    expect(await call(bot, "", ask)).toMatchObject({ status: 409, body: { reason } });
    await bot.fastForward(5 * second);
    expect(bot.teams.calls.filter(({ route }) => route !== "member")).toEqual([]);
  });
});
