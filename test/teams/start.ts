import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { HistoryLine } from "../../bot/domain/incident/history.ts";
import type { Incident } from "../../bot/domain/incident/incident.ts";
import type { Policy } from "../../bot/domain/incident/policy.ts";
import type { Person } from "../../bot/domain/person.ts";
import { InFlight } from "../../bot/kit/in-flight.ts";
import { Strangers } from "../../bot/kit/strangers.ts";
import type { Log } from "../../bot/log.ts";
import type { HandleActivity } from "../../bot/ports/caller.ts";
import type { Click, CommandResult } from "../../bot/ports/click.ts";
import type { Personal, PersonalAlarms, PersonalVisits } from "../../bot/ports/personal.ts";
import type { SendOutcome } from "../../bot/ports/send-outcome.ts";
import type { Status } from "../../bot/ports/status.ts";
import type { Store } from "../../bot/ports/store/store.ts";
import type { TeamsLooks } from "../../bot/ports/teams-looks.ts";
import type { AnswerableAlarms, TeamsRequests } from "../../bot/ports/teams-requests.ts";
import type { TeamsSender } from "../../bot/ports/teams-sender.ts";
import type { RouteTesting } from "../../bot/ports/tests/route-testing.ts";
import { openStore } from "../../bot/store/store.ts";
import { Teams } from "../../bot/teams/teams.ts";
import type { TeamsOptions } from "../../bot/teams/teams-options.ts";
import { noLimits } from "../../bot/teams/wire/budget/limits.ts";
import { createDoors } from "../../bot/web/doors.ts";
import { OpenDoors } from "../../bot/web/http/open-doors.ts";
import { Refusals } from "../../bot/web/http/refusals.ts";
import { Visitors } from "../../bot/web/http/visitors.ts";
import { createTeamsDoor } from "../../bot/web/teams/teams-door.ts";
import { FakeClock } from "../fakes/clock.ts";
import { type Colleague, FakeTeams, type FakeTeamsOptions } from "../fakes/teams.ts";
import { buildIncident, pressedAt } from "../fixtures/incident.ts";
import { loopbackLimits } from "../fixtures/loopback-limits.ts";
import { keys } from "../fixtures/names.ts";
import { buildPolicy } from "../fixtures/policy.ts";
import { scratch } from "../scratch.ts";

/** Nothing is open, nobody is on duty, and nothing is wrong. */
export const emptyStatus: Status = {
  open: [],
  openCount: 0,
  isOpenRead: true,
  unrecorded: [],
  onDuty: null,
  channels: [],
  pagers: [],
  unproven: [],
  secretUses: [],
  troubles: [],
};

export const alarms = "19:alarms@thread.tacv2";
export const alice: Colleague = colleague("alice", "Alice Jansen", 1);
export const bob: Colleague = colleague("bob", "Bob de Vries", 2);

/** One line of the log, for tests that ask why. */
export interface Line {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly facts: Record<string, unknown>;
}

/** Both halves of Teams; what a sender has to remember of a card is on disk when it answers. */
export interface StartedTeams extends TeamsSender, AsyncDisposable {
  readonly handle: HandleActivity;
  readonly looks: TeamsLooks;
}

/** The folder under test, between a real store and a fake Teams, with an engine that the test plays. */
export interface Started extends AsyncDisposable {
  readonly teams: StartedTeams;
  readonly fake: FakeTeams;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly clicks: Click[];
  readonly linked: string[];
  readonly lines: Line[];
  /** Aborts when the outbox would: never, unless the test does it. */
  readonly signal: AbortSignal;
  /** What the engine answers to a click. */
  answer: (click: Click) => Promise<CommandResult>;
  status: TeamsRequests["status"];
  /** What a colleague wants for themselves; a test replaces what it is about. */
  personal: PersonalAlarms & PersonalVisits & Pick<Personal, "followPress">;
  routeTests: RouteTesting;
  /** What a colleague may answer by typing. */
  answerable: AnswerableAlarms;
  /** Messages somebody 1:1 about that incident, as it is on disk. */
  message(incident: string, person: Person, teams?: TeamsSender): Promise<void>;
  /** What whoever types is in the configuration. */
  roles: readonly ("listed" | "lead")[];
  isAlarmOpen: boolean;
  /** Opens an incident as the engine would, with its first lines. */
  open(changes?: Partial<Incident>, lines?: readonly HistoryLine[], policy?: Policy): Promise<Incident>;
  /** Something happened: the next version, with its lines. */
  change(incident: Incident, changes: Partial<Incident>, lines?: readonly HistoryLine[]): Promise<Incident>;
  /** Another process on the same store and Teams. */
  again(changes?: Partial<TeamsOptions>): StartedTeams;
}

/** What a test has otherwise. */
type StartOptions = Partial<TeamsOptions> & {
  readonly routeTests?: RouteTesting;
  /** There is no lead, and this code stands in for one. */
  readonly linkCode?: string;
  /** In what Teams is otherwise; left out: as strict as it can be. */
  readonly fakeTeams?: Pick<FakeTeamsOptions, "lenient" | "unlimited">;
};

/** Starts with channel `frontdesk` usable at once, as with an emulator, unless `options` say otherwise. */
export async function start({ routeTests, linkCode, fakeTeams, ...options }: StartOptions = {}): Promise<Started> {
  const folder = await mkdtemp(join(scratch, "teams-"));
  const lines: Line[] = [];
  const log = toLog(lines);
  const store = await openStore({ url: `sqlite:${join(folder, "test.db")}`, log });
  const clock = new FakeClock(pressedAt);
  const channels = [alarms, "19:other@thread.tacv2"];
  // Time stands still: how many calls there are is not what is tried here.
  const usual = { unlimited: true, colleagues: [alice, bob], channels, now: clock.now };
  const fake = await new FakeTeams({ ...usual, ...fakeTeams }).start();
  const clicks: Click[] = [];
  const linked: string[] = [];
  /** What the outbox does: what a sender has to remember is on disk before the next call. */
  const settled = async (sending: Promise<SendOutcome>): Promise<SendOutcome> => {
    const { record, ...sent } = await sending;
    if (record !== undefined) await store.write(record);
    return sent;
  };
  const again = (changes: Partial<TeamsOptions> = {}): StartedTeams => {
    const teams = new Teams({
      appId: null,
      tenantId: null,
      clientSecret: null,
      noteSecret: () => undefined,
      local: true,
      serviceUrl: fake.serviceUrl,
      channels: { frontdesk: { conversation: alarms } },
      language: "nl",
      timezone: "Europe/Amsterdam",
      names: keys,
      clock,
      store,
      log,
      inFlight: new InFlight(),
      limits: noLimits,
      teamsChannel: null,
      isAlarmOpen: () => self.isAlarmOpen,
      isOccupied: () => false,
      recallPolicy: () => null,
      ...options,
      ...changes,
    });
    const handle = teams.listen({
      answerClick(click) {
        clicks.push(click);
        return self.answer(click);
      },
      personal: {
        alarms: {
          press: (...each) => self.personal.press(...each),
          pressAgain: (...each) => self.personal.pressAgain(...each),
          findPress: (...each) => self.personal.findPress(...each),
          undoPress: (...each) => self.personal.undoPress(...each),
          hasUnstored: (person) => self.personal.hasUnstored(person),
          locationIn: (text) => self.personal.locationIn(text),
          nameLocation: (...each) => self.personal.nameLocation(...each),
          setPlace: (...each) => self.personal.setPlace(...each),
        },
        visits: {
          startVisit: (...each) => self.personal.startVisit(...each),
          visitOf: (...each) => self.personal.visitOf(...each),
          extendVisit: (...each) => self.personal.extendVisit(...each),
          endVisit: (...each) => self.personal.endVisit(...each),
          followVisit: async () => undefined,
        },
        followPress: (...each) => self.personal.followPress(...each),
      },
      ringTests: {
        start: async () => ({ kind: "nobody-on-duty" }),
        load: async () => null,
        hearInChat: async () => undefined,
      },
      answerable: {
        listOpen: (by) => self.answerable.listOpen(by),
        loadLastClosed: (by) => self.answerable.loadLastClosed(by),
        loadAnswered: (message) => self.answerable.loadAnswered(message),
      },
      status: (channel) => self.status(channel),
      directory: { rolesOf: () => self.roles, hasLeads: linkCode === undefined },
      linkCodes: () => (linkCode === undefined ? [] : [linkCode]),
      routeTests: {
        start: (...each) => self.routeTests.start(...each),
        load: (...each) => self.routeTests.load(...each),
        confirm: (...each) => self.routeTests.confirm(...each),
      },
      onChannelLinked: async (name) => {
        linked.push(name);
      },
    });
    return {
      handle,
      looks: teams,
      postCard: (incident, signal, opened) => settled(teams.postCard(incident, signal, opened)),
      syncCard: (incident, signal) => settled(teams.syncCard(incident, signal)),
      ringChannel: (incident, ring, signal) => settled(teams.ringChannel(incident, ring, signal)),
      ringUnstored: (recall, ring, signal) => settled(teams.ringUnstored(recall, ring, signal)),
      sendToChannel: (channel, content, signal) => settled(teams.sendToChannel(channel, content, signal)),
      tellMoved: (moved, signal) => teams.tellMoved(moved, signal),
      sendToPerson: (person, content, signal) => settled(teams.sendToPerson(person, content, signal)),
      syncChatCards: (incident, person, signal) => settled(teams.syncChatCards(incident, person, signal)),
      tellPresser: (person, open, how, signal) => settled(teams.tellPresser(person, open, how, signal)),
      prepareToMessage: (person, isAnew, signal) => teams.prepareToMessage(person, isAnew, signal),
      isBusy: (channel) => teams.isBusy(channel),
      postUnstored: (...each) => teams.postUnstored(...each),
      listUnstored: () => teams.listUnstored(),
      forgetUnstored: (card) => teams.forgetUnstored(card),
      [Symbol.asyncDispose]: () => teams[Symbol.asyncDispose](),
    };
  };
  const teams = again();
  const visitors = new Visitors(new Strangers(clock, [], loopbackLimits), new Refusals(clock, log));
  const doors = await OpenDoors.open(
    createDoors([createTeamsDoor(teams.handle)], log),
    { host: "127.0.0.1", port: 0 },
    visitors,
  );
  fake.botUrl = `http://127.0.0.1:${doors.port}/api/messages`;

  const self: Started = {
    teams,
    fake,
    store,
    clock,
    clicks,
    linked,
    lines,
    signal: new AbortController().signal,
    answer: async () => ({ incident: buildIncident(), policy: buildPolicy(), reason: "claimed" }),
    status: async () => emptyStatus,
    personal: {
      press: async () => ({ kind: "not-configured" }),
      pressAgain: never,
      findPress: async () => null,
      followVisit: async () => undefined,
      followPress: async () => undefined,
      undoPress: async () => null,
      hasUnstored: () => false,
      locationIn: () => null,
      nameLocation: async () => null,
      setPlace: async () => undefined,
      startVisit: async () => null,
      visitOf: async () => null,
      extendVisit: async () => null,
      endVisit: async () => false,
    },
    answerable: { listOpen: async () => [], loadLastClosed: async () => null, loadAnswered: async () => null },
    roles: ["listed", "lead"],
    isAlarmOpen: false,
    routeTests: routeTests ?? { start: never, load: never, confirm: never },
    async message(id, person, sender = teams) {
      const incident = await store.read((reader) => reader.loadIncident(id));
      if (incident === null) throw new Error(`there is no incident ${id}`);
      await sender.sendToPerson(person, { kind: "incident", incident }, self.signal);
    },
    again,
    open: (changes = {}, history = [], policy = buildPolicy()) =>
      store.write(async (tx) => {
        await tx.savePolicy("policy-1", policy);
        const incident = await tx.insertIncident(buildIncident(changes));
        await tx.appendHistory(incident.id, [
          { kind: "opened", source: "buttons", button: "0042", via: "button", lateMs: null, at: pressedAt },
          ...history,
        ]);
        return incident;
      }),
    change: (incident, changes, history = []) =>
      store.write(async (tx) => {
        const next = { ...incident, ...changes, version: incident.version + 1 };
        await tx.updateIncident(next);
        await tx.appendHistory(incident.id, history);
        return next;
      }),
    async [Symbol.asyncDispose]() {
      await doors[Symbol.asyncDispose]();
      await teams[Symbol.asyncDispose]();
      await fake[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
  // A channel of the configuration has been in use for a while, so that its team is known.
  const isLikeAnyOther = [options.local, options.serviceUrl, options.channels, options.store].every(
    (each) => each === undefined,
  );
  if (isLikeAnyOther) await fake.before(() => fake.introduce());
  return self;
}

async function never(): Promise<never> {
  throw new Error("nobody expected this");
}

function toLog(lines: Line[]): Log {
  const at = (level: Line["level"]) => (facts: Record<string, unknown>, event: string) => {
    lines.push({ level, event, facts });
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

function colleague(id: string, name: string, number: number): Colleague {
  return { teamsId: `29:${id}`, aadObjectId: `aaaaaaaa-0000-4000-8000-00000000000${number}`, name };
}
