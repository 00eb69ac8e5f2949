import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../../bot/domain/incident/history.ts";
import type { Incident } from "../../bot/domain/incident/incident.ts";
import { answerTest, endTest, startTest } from "../../bot/domain/route-test/route-test.ts";
import { StaleIncident } from "../../bot/errors.ts";
import type { Reader, Store, Transaction } from "../../bot/ports/store/store.ts";
import type { MessageKind } from "../../bot/ports/store/teams.ts";
import { buildPolicy } from "../fixtures/policy.ts";
import { momentsContract } from "../store/moments-contract.ts";
import { close, newIncident } from "../store/new-incident.ts";
import { outboxContract } from "../store/outbox-contract.ts";

/** What every store must do. `open` answers an empty one; the suite closes it. */
export function storeContract(open: () => Promise<Store>): void {
  describe("transactions", () => {
    it("answers with what the work returned, once it is committed", async () => {
      await using store = await open();
      const answer = await store.write(async (tx) => {
        await tx.saveSetting("greeted", "name", "value");
        return 42;
      });
      expect(answer).toBe(42);
      expect(await store.read((reader) => reader.loadSetting("greeted", "name"))).toBe("value");
    });

    it("shows a reader nothing of what is not committed, and the writer all of it", async () => {
      await using store = await open();
      const seen = await store.write(async (tx) => {
        await tx.saveSetting("greeted", "name", "value");
        return [
          await tx.loadSetting("greeted", "name"),
          await store.read((reader) => reader.loadSetting("greeted", "name")),
        ];
      });
      expect(seen).toEqual(["value", null]);
    });

    it("undoes a work that rejects, when it is alone, and goes on", async () => {
      await using store = await open();
      const failure = new Error("decided otherwise");
      const refused = store.write(async (tx) => {
        await tx.saveSetting("greeted", "name", "value");
        throw failure;
      });
      await expect(refused).rejects.toBe(failure);
      expect(await store.read((reader) => reader.loadSetting("greeted", "name"))).toBeNull();
      await store.write((tx) => tx.saveSetting("greeted", "name", "later"));
      expect(await store.read((reader) => reader.loadSetting("greeted", "name"))).toBe("later");
    });

    it("goes on after what could not be read and could be done without", async () => {
      await using store = await open();
      // No database takes half a row.
      const fail = (reader: Reader) => reader.tryToRead(() => reader.listDue(0, 1.5));
      const load = (reader: Reader) => reader.tryToRead(() => reader.loadSetting("greeted", "name"));
      const work = async (tx: Transaction) => {
        await tx.saveSetting("greeted", "name", "value");
        return [await fail(tx), await load(tx), await fail(tx)];
      };
      const works = [store.write(work), store.write(work), store.write(work, {}), store.write(work, {})];
      expect(await Promise.all(works)).toEqual(works.map(() => [null, "value", null]));
      expect(await store.write(work)).toEqual([null, "value", null]);
      expect(await store.read(async (reader) => [await fail(reader), await load(reader)])).toEqual([null, "value"]);
    });

    it("undoes one bad work in a group of many, and only that one", async () => {
      await using store = await open();
      const numbers = Array.from({ length: 300 }, (_, number) => number);
      const results = await Promise.allSettled(
        numbers.map((number) =>
          store.write(async (tx) => {
            await tx.saveSetting("greeted", `setting ${number}`, "kept");
            if (number % 50 === 7) throw new Error(`bad ${number}`);
            return number;
          }),
        ),
      );
      for (const number of numbers) {
        const isBad = number % 50 === 7;
        expect(results[number]?.status).toBe(isBad ? "rejected" : "fulfilled");
        const value = await store.read((reader) => reader.loadSetting("greeted", `setting ${number}`));
        expect(value).toBe(isBad ? null : "kept");
      }
    });

    it("finishes what waits when it is closed, and takes nothing after", async () => {
      const store = await open();
      const waiting = Array.from({ length: 100 }, () => store.write((tx) => tx.loadSetting("greeted", "name")));
      const closing = store[Symbol.asyncDispose]();
      await expect(store.write((tx) => tx.loadSetting("greeted", "name"))).rejects.toThrow("closed");
      await expect(store.read((reader) => reader.loadSetting("greeted", "name"))).rejects.toThrow("closed");
      expect(await Promise.all(waiting)).toHaveLength(100);
      await closing;
      await store[Symbol.asyncDispose]();
    });

    it("stops a transaction that somebody kept after its end", async () => {
      await using store = await open();
      const kept = await store.write(async (tx) => ({ tx }));
      await expect(kept.tx.saveSetting("greeted", "name", "value")).rejects.toThrow("over");
    });

    it("probes with a real write and a real read", async () => {
      await using store = await open();
      await expect(store.probe()).resolves.toBeUndefined();
    });
  });

  describe("incidents", () => {
    it("gives each its number, and reads back what it was given", async () => {
      await using store = await open();
      const first = await insert(store, newIncident("a"));
      const second = await insert(store, newIncident("b"));
      expect(second.number).toBe(first.number + 1);
      expect(await store.read((reader) => reader.loadIncident("a"))).toEqual({ ...newIncident("a"), number: 1 });
      expect(await store.read((reader) => reader.loadIncident("unknown"))).toBeNull();
    });

    it("holds one open incident per button, and takes the next one after closing (rule 3)", async () => {
      await using store = await open();
      const first = await insert(store, newIncident("a", { button: "0042" }));
      const second = newIncident("b", { button: "0042" });
      await expect(insert(store, second)).rejects.toBeInstanceOf(StaleIncident);
      await insert(store, newIncident("c", { button: "0042", source: "another" }));
      expect((await store.write((tx) => tx.loadOpenByButton("buttons", "0042")))?.id).toBe("a");
      await store.write((tx) => tx.updateIncident(close(first)));
      expect(await store.write((tx) => tx.loadOpenByButton("buttons", "0042"))).toBeNull();
      expect((await insert(store, second)).id).toBe("b");
    });

    it("holds one open incident per fixed place in a channel (rule 3)", async () => {
      await using store = await open();
      const first = await insert(store, newIncident("a", { fixedPlace: "Spreekkamer 3" }));
      const second = newIncident("b", { fixedPlace: "Spreekkamer 3" });
      await expect(insert(store, second)).rejects.toBeInstanceOf(StaleIncident);
      await insert(store, newIncident("c", { fixedPlace: "Spreekkamer 3", channel: "another" }));
      await insert(store, newIncident("d"));
      await insert(store, newIncident("e"));
      expect((await store.write((tx) => tx.loadOpenByPlace("frontdesk", "Spreekkamer 3")))?.id).toBe("a");
      await store.write((tx) => tx.updateIncident(close(first)));
      expect(await store.write((tx) => tx.loadOpenByPlace("frontdesk", "Spreekkamer 3"))).toBeNull();
      expect((await insert(store, second)).id).toBe("b");
    });

    it("lets exactly one of many first presses open an incident", async () => {
      await using store = await open();
      const ids = Array.from({ length: 50 }, (_, index) => `press ${index}`);
      const results = await Promise.allSettled(ids.map((id) => insert(store, newIncident(id, { button: "0042" }))));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(StaleIncident);
      }
      expect(await store.read((reader) => reader.listOpen(10))).toHaveLength(1);
    });

    it("updates only the version before", async () => {
      await using store = await open();
      const first = await insert(store, newIncident("a"));
      const second = { ...first, version: 2, presses: 2 };
      await store.write((tx) => tx.updateIncident(second));
      await expect(store.write((tx) => tx.updateIncident(second))).rejects.toBeInstanceOf(StaleIncident);
      const third = store.write((tx) => tx.updateIncident({ ...second, version: 4 }));
      await expect(third).rejects.toBeInstanceOf(StaleIncident);
      const unknown = store.write((tx) => tx.updateIncident(newIncident("unknown", { version: 2 })));
      await expect(unknown).rejects.toBeInstanceOf(StaleIncident);
      expect(await store.read((reader) => reader.loadIncident("a"))).toEqual(second);
    });

    it("lets exactly one of many updates of one version through", async () => {
      await using store = await open();
      const first = await insert(store, newIncident("a"));
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          store.write((tx) => tx.updateIncident({ ...first, version: 2, presses: index })),
        ),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    it("lists open ones, the newest first", async () => {
      await using store = await open();
      for (const id of ["a", "b", "c", "d"]) await insert(store, newIncident(id));
      const b = await store.read((reader) => reader.loadIncident("b"));
      if (b !== null) await store.write((tx) => tx.updateIncident(close(b)));
      expect((await store.read((reader) => reader.listOpen(10))).map(({ id }) => id)).toEqual(["d", "c", "a"]);
      expect((await store.read((reader) => reader.listOpen(2))).map(({ id }) => id)).toEqual(["d", "c"]);
    });

    it("finds those whose deadline has come, exactly on the moment, the earliest first", async () => {
      await using store = await open();
      expect(await store.read((reader) => reader.nextDeadline())).toBeNull();
      await insert(store, newIncident("late", { nextAt: 3_000 }));
      await insert(store, newIncident("early", { nextAt: 1_000 }));
      const closed = await insert(store, newIncident("closed", { nextAt: 500 }));
      await store.write((tx) => tx.updateIncident(close(closed)));
      expect(await store.read((reader) => reader.nextDeadline())).toBe(1_000);
      expect(await store.read((reader) => reader.listDue(999, 10))).toEqual([]);
      expect(await store.read((reader) => reader.listDue(1_000, 10))).toEqual(["early"]);
      expect(await store.read((reader) => reader.listDue(3_000, 10))).toEqual(["early", "late"]);
      expect(await store.read((reader) => reader.listDue(3_000, 1))).toEqual(["early"]);
    });
  });

  describe("history", () => {
    const at = 1_000;
    const opened: HistoryLine = { kind: "opened", at, source: "buttons", button: "a", via: "button", lateMs: null };
    const told: HistoryLine = { kind: "told", at, channel: "frontdesk" };
    const cancelled: HistoryLine = { kind: "cancelled", at: 2_000 };

    it("counts up within the incident, from 1, without gaps", async () => {
      await using store = await open();
      await insert(store, newIncident("a"));
      await insert(store, newIncident("b"));
      await store.write((tx) => tx.appendHistory("a", [opened, told]));
      await store.write((tx) => tx.appendHistory("b", [opened]));
      const undone = store.write(async (tx) => {
        await tx.appendHistory("a", [told]);
        throw new Error("decided otherwise");
      });
      await expect(undone).rejects.toThrow();
      await store.write((tx) => tx.appendHistory("a", [cancelled]));
      const lines = [
        { ...opened, seq: 1 },
        { ...told, seq: 2 },
        { ...cancelled, seq: 3 },
      ];
      expect(await store.read((reader) => reader.loadHistory("a", 0))).toEqual(lines);
      expect(await store.read((reader) => reader.loadHistory("a", 2))).toEqual(lines.slice(2));
      expect(await store.read((reader) => reader.loadHistory("b", 0))).toEqual([{ ...opened, seq: 1 }]);
    });
  });

  describe("policies", () => {
    it("keeps a policy under its hash", async () => {
      await using store = await open();
      const policy = buildPolicy();
      await store.write((tx) => tx.savePolicy("hash", policy));
      await store.write((tx) => tx.savePolicy("hash", policy));
      expect(await store.read((reader) => reader.loadPolicy("hash"))).toEqual(policy);
      expect(await store.read((reader) => reader.loadPolicy("unknown"))).toBeNull();
    });
  });

  describe("alarms", () => {
    const taken = { source: "buttons", key: "k", incident: "a", outcome: "opened", receivedAt: 1_000 } as const;

    it("recognises one that was taken, and forgets it after its time (rule 2)", async () => {
      await using store = await open();
      expect(await store.write((tx) => tx.findAlarm("buttons", "k"))).toBeNull();
      await store.write((tx) => tx.saveAlarm(taken));
      expect(await store.write((tx) => tx.findAlarm("buttons", "k"))).toEqual(taken);
      expect(await store.read((reader) => reader.findAlarm("buttons", "k"))).toEqual(taken);
      expect(await store.write((tx) => tx.findAlarm("another", "k"))).toBeNull();
      expect(await store.write((tx) => tx.forgetAlarms(1_000))).toBe(0);
      expect(await store.write((tx) => tx.forgetAlarms(1_001))).toBe(1);
      expect(await store.write((tx) => tx.findAlarm("buttons", "k"))).toBeNull();
    });

    it("takes the same message again in place of an old one", async () => {
      await using store = await open();
      await store.write((tx) => tx.saveAlarm(taken));
      const again = { ...taken, incident: null, outcome: "seen", receivedAt: 2_000 } as const;
      await store.write((tx) => tx.saveAlarm(again));
      expect(await store.write((tx) => tx.findAlarm("buttons", "k"))).toEqual(again);
    });
  });

  describe("states of buttons", () => {
    const state = {
      source: "buttons",
      name: "0042",
      isOn: true,
      run: null,
      wasOff: false,
      message: null,
      at: 1_000,
    } as const;

    it("are as they were last said to be, and go when nothing was heard for long", async () => {
      await using store = await open();
      const load = () => store.write((tx) => tx.loadButtonState("buttons", "0042"));
      expect(await load()).toBeNull();
      await store.write((tx) => tx.saveButtonState(state));
      await store.write((tx) => tx.saveButtonState({ ...state, source: "another" }));
      expect(await load()).toEqual(state);
      const later = { ...state, isOn: false, run: "a-run", wasOff: true, message: "a-message", at: 2_000 };
      await store.write((tx) => tx.saveButtonState(later));
      expect(await load()).toEqual(later);
      expect(await store.write((tx) => tx.forgetButtonStates(2_000))).toBe(1);
      expect(await load()).toEqual(later);
      expect(await store.write((tx) => tx.forgetButtonStates(2_001))).toBe(1);
      expect(await load()).toBeNull();
    });
  });

  describe("when a button was last seen", () => {
    const sign = { source: "buttons", button: "0042", kind: "heartbeat", at: 1_000, battery: null } as const;
    const battery = { ...sign, kind: "battery", battery: 0.8 } as const;

    it("keep the last of each kind of a button, however often it speaks", async () => {
      await using store = await open();
      await store.write((tx) => tx.saveLastSeen([{ ...sign, at: 1 }, sign, battery, { ...sign, button: "0043" }]));
      for (let at = 2_000; at < 2_100; at += 1) await store.write((tx) => tx.saveLastSeen([{ ...sign, at }]));
      const last = { ...sign, at: 2_099 };
      expect(await store.read((reader) => reader.listLastSeen())).toEqual([battery, last, { ...sign, button: "0043" }]);
    });

    it("go after a while when nobody wants them stored", async () => {
      await using store = await open();
      await store.write((tx) => tx.saveLastSeen([sign, { ...sign, button: "0043" }, { ...battery, at: 3_000 }]));
      const forgotten = await store.write((tx) => tx.forgetLastSeen("buttons", 2_000, (button) => button === "0043"));
      expect(forgotten).toBe(1);
      expect(await store.read((reader) => reader.listLastSeen())).toEqual([
        { ...battery, at: 3_000 },
        { ...sign, button: "0043" },
      ]);
    });
  });

  describe("tests of routes", () => {
    it("are stored by their id, and the one that is not over is found", async () => {
      await using store = await open();
      expect(await store.read((reader) => reader.loadRunningTest())).toBeNull();
      const test = startTest("a1", ["desk"], { by: "Lea", channel: "frontdesk" }, 1_000);
      await store.write((tx) => tx.saveRouteTest(test));
      expect(await store.read((reader) => reader.loadRunningTest())).toEqual(test);
      const answered = answerTest(test, "desk", 2_000);
      await store.write((tx) => tx.saveRouteTest(answered));
      expect(await store.read((reader) => reader.loadRunningTest())).toEqual(answered);
      await store.write((tx) => tx.saveRouteTest(endTest(answered)));
      expect(await store.read((reader) => reader.loadRunningTest())).toBeNull();
      expect(await store.read((reader) => reader.loadRouteTest("a1"))).toEqual(endTest(answered));
      expect(await store.read((reader) => reader.loadRouteTest("a2"))).toBeNull();
    });
  });

  describe("proven routes", () => {
    const chat = { person: "p", route: "chat", knownOn: "2026-11-24", askedOn: null, provenOn: null } as const;
    const phone = { ...chat, route: "phone" } as const;

    it("are one per person and route, and are gone once they are deleted", async () => {
      await using store = await open();
      for (const each of [phone, chat]) await store.write((tx) => tx.saveProvenRoute(each));
      const proven = { ...chat, askedOn: "2026-11-25", provenOn: "2026-11-26" };
      await store.write((tx) => tx.saveProvenRoute(proven));
      expect(await store.read((reader) => reader.listProvenRoutes())).toEqual([proven, phone]);
      expect(await store.read((reader) => reader.loadProvenRoute(chat))).toEqual(proven);
      expect(await store.read((reader) => reader.loadProvenRoute({ ...chat, person: "q" }))).toBeNull();
      expect(await store.write((tx) => tx.deleteProvenRoute(chat))).toBe(true);
      expect(await store.write((tx) => tx.deleteProvenRoute(chat))).toBe(false);
      expect(await store.read((reader) => reader.listProvenRoutes())).toEqual([phone]);
    });
  });

  describe("visits", () => {
    const person = { id: "p", name: "A. Jansen" };
    const visit = { person, startedAt: 1_000, endsAt: 60_000, asked: 0, nextAt: 60_000 };

    it("are one per person, due by their next moment", async () => {
      await using store = await open();
      expect(await store.read((reader) => reader.nextVisitAt())).toBeNull();
      await store.write((tx) => tx.saveVisit(visit));
      const asked = { ...visit, asked: 1, nextAt: 180_000 };
      await store.write((tx) => tx.saveVisit(asked));
      expect(await store.read((reader) => reader.loadVisit("p"))).toEqual(asked);
      expect(await store.read((reader) => reader.nextVisitAt())).toBe(180_000);
      expect(await store.read((reader) => reader.listDueVisits(179_999, 10))).toEqual([]);
      expect(await store.read((reader) => reader.listDueVisits(180_000, 10))).toEqual([asked]);
    });

    it("end once", async () => {
      await using store = await open();
      await store.write((tx) => tx.saveVisit(visit));
      expect(await store.write((tx) => tx.deleteVisit("p"))).toBe(true);
      expect(await store.write((tx) => tx.deleteVisit("p"))).toBe(false);
      expect(await store.read((reader) => reader.loadVisit("p"))).toBeNull();
    });
  });

  outboxContract(open);
  momentsContract(open);

  describe("Teams' memory", () => {
    it("keeps the newest of boards, channels, members and settings", async () => {
      await using store = await open();
      const board = { incident: "a", conversation: "19:c", serviceUrl: "http://127.0.0.1", activity: "1" };
      const state = {
        ...board,
        postedAt: 900,
        ring: 3,
        rung: ["p", "tag"],
        isTagRung: true,
        shown: "digest-1",
        shownAt: 1_000,
        repliedTo: 2,
      };
      const channel = { name: "frontdesk", conversation: "19:c", serviceUrl: "http://127.0.0.1", tenant: null };
      const link = { ...channel, team: "19:team", teamGroup: "group" };
      const person = { id: "p", name: "A. Jansen" };
      const member = { person, teamsId: "29:p", conversation: null, serviceUrl: "http://127.0.0.1" };
      await store.write(async (tx) => {
        await tx.saveCard({ ...state, activity: "0" });
        await tx.saveCard(state);
        await tx.saveChannel({ ...link, conversation: "19:old", team: null, teamGroup: null });
        await tx.saveChannel(link);
        await tx.saveMembers([member, { ...member, person: { ...person, name: "B. de Vries" }, conversation: "a:1" }]);
        await tx.saveSetting("greeted", "name", "old");
        await tx.saveSetting("greeted", "name", "new");
        await tx.saveSetting("route-known", "name", "other");
      });
      await store.read(async (reader) => {
        expect(await reader.loadCard("a")).toEqual(state);
        expect(await reader.loadChannel("frontdesk")).toEqual(link);
        expect(await reader.loadMember("p")).toEqual({
          ...member,
          person: { id: "p", name: "B. de Vries" },
          conversation: "a:1",
        });
        expect(await reader.loadSetting("greeted", "name")).toBe("new");
        expect(await reader.loadSetting("route-known", "name")).toBe("other");
        expect(await reader.loadSetting("route-proven", "name")).toBeNull();
        expect(await reader.loadCard("b")).toBeNull();
        expect(await reader.loadChannel("b")).toBeNull();
        expect(await reader.loadMember("b")).toBeNull();
        expect(await reader.loadMemberByTeamsId("29:p")).toEqual(await reader.loadMember("p"));
        expect(await reader.loadMemberByTeamsId("p")).toBeNull();
        expect(await reader.loadSetting("greeted", "b")).toBeNull();
      });
    });

    it("keeps the newest reply that tells of each incident", async () => {
      await using store = await open();
      const reply = { incident: "a", card: "1", activity: "", from: 3, askedTo: 0 };
      const newest = { ...reply, card: "2", activity: "7", from: 9, askedTo: 8 };
      await store.write(async (tx) => {
        await tx.saveRoundReply(reply);
        expect(await tx.loadRoundReply("a")).toEqual(reply);
        await tx.saveRoundReply(newest);
        await tx.saveRoundReply({ ...reply, incident: "b" });
      });
      expect(await store.read((reader) => reader.loadRoundReply("a"))).toEqual(newest);
      expect(await store.read((reader) => reader.loadRoundReply("c"))).toBeNull();
    });

    it("keeps every card and message of an incident, and how far the newest card has come", async () => {
      await using store = await open();
      const board = {
        incident: "a",
        conversation: "19:c",
        serviceUrl: "http://127.0.0.1",
        ring: 0,
        rung: [],
        isTagRung: false,
        shown: "digest-1",
      };
      const first = { ...board, activity: "1", postedAt: 900, shownAt: 900, repliedTo: 0 };
      const next = { ...first, activity: "2", postedAt: 2_000, shownAt: 2_000 };
      const message = (activity: string, kind: MessageKind, at: number) => {
        const { incident, conversation, serviceUrl } = board;
        return { incident, conversation, serviceUrl, activity, kind, at };
      };
      const others = (["direct", "notice", "reply"] as const).map((kind) => message(kind, kind, 1_000));
      await store.write(async (tx) => {
        await tx.saveCard(first);
        await tx.saveRepliedTo("a", 4);
        await tx.saveShown({ ...first, shown: "digest-2", shownAt: 1_500 });
        expect(await tx.loadCard("a")).toEqual({ ...first, shown: "digest-2", shownAt: 1_500, repliedTo: 4 });
        await tx.saveCard(next);
        await tx.saveRung({ ...first, ring: 8, rung: ["q"], isTagRung: false });
        await tx.saveRung({ ...next, ring: 9, rung: ["p"], isTagRung: true });
        // What was shown meanwhile was shown on the card of before.
        await tx.saveShown({ ...first, shown: "digest-3", shownAt: 2_500 });
        for (const each of others) await tx.saveMessage(each);
        await tx.saveCard({ ...next, incident: "b" });
      });
      await store.read(async (reader) => {
        const rung = { ring: 9, rung: ["p"], isTagRung: true };
        expect(await reader.loadCard("a")).toEqual({ ...next, ...rung, repliedTo: 4 });
        expect(await reader.listMessages("a")).toEqual([
          message("1", "card", 900),
          message("2", "card", 2_000),
          ...others,
        ]);
        expect(await reader.listMessages("c")).toEqual([]);
      });
      await store.write((tx) => tx.saveMessage(message("1", "old-card", 3_000)));
      expect((await store.read((reader) => reader.listMessages("a")))[0]).toEqual(message("1", "old-card", 900));
    });

    it("keeps the cards of alarms in people's chats, of which several alarms may share one", async () => {
      await using store = await open();
      const card = (incident: string, message: string, at: number, person = "p") => {
        const place = { conversation: "a:1", serviceUrl: "http://127.0.0.1" };
        return { incident, person, message, ...place, activity: null, at, shown: "", shownAt: 0 };
      };
      await store.write(async (tx) => {
        await tx.addChatCards([
          card("a", "10", 100),
          card("b", "10", 100),
          card("a", "9", 200),
          card("a", "10", 100, "q"),
        ]);
        await tx.saveChatCard({ person: "p", message: "10", activity: "11", shown: "digest", shownAt: 150 });
        // What stands there is not owed again.
        await tx.addChatCards([card("a", "10", 300)]);
      });
      const posted = { activity: "11", shown: "digest", shownAt: 150 };
      await store.read(async (reader) => {
        expect(await reader.listChatCards("a", "p")).toEqual([
          { ...card("a", "10", 100), ...posted },
          card("a", "9", 200),
        ]);
        expect(await reader.listChatCards("a", "q")).toEqual([card("a", "10", 100, "q")]);
        expect(await reader.listChatCards("b", "q")).toEqual([]);
        const shared = await reader.listSharedChatCard({ person: "p", message: "10" });
        expect(shared).toEqual([card("a", "10", 100), card("b", "10", 100)].map((each) => ({ ...each, ...posted })));
      });
    });

    it("keeps which messages show people what becomes of their alarms and visits, until they are deleted", async () => {
      await using store = await open();
      const place = { conversation: "a:1", serviceUrl: "http://127.0.0.1" };
      const visit = { ...place, person: "p", activity: "9", shows: "visit", incident: "", since: 200 } as const;
      const alarm = { ...visit, activity: "10", shows: "alarm", incident: "a", since: 100 } as const;
      const unshown = { shown: "", shownAt: 200 };
      await store.write(async (tx) => {
        await tx.saveFollowUp({ ...visit, ...unshown });
        await tx.saveFollowUp({ ...alarm, ...unshown });
        await tx.saveFollowUp({ ...visit, ...unshown, person: "q" });
        await tx.saveFollowUp({ ...visit, shows: "alarm", incident: "b", shown: "digest", shownAt: 300 });
        await tx.deleteFollowUp({ person: "q", activity: "9" });
        await tx.deleteFollowUp({ person: "q", activity: "10" });
      });
      await store.read(async (reader) => {
        const turned = { ...visit, shows: "alarm", incident: "b", shown: "digest", shownAt: 300 };
        expect(await reader.listFollowUps("p")).toEqual([{ ...alarm, ...unshown }, turned]);
        expect(await reader.listFollowUps("q")).toEqual([]);
      });
    });

    it("keeps the newest place of each colleague, until it is forgotten", async () => {
      await using store = await open();
      await store.write(async (tx) => {
        for (const [who, place] of [
          ["a", "Hal"],
          ["a", "Balie"],
          ["b", "Kelder"],
        ] as const) {
          await tx.saveUsualPlace(who, place);
        }
      });
      const read = (who: string) => store.read((reader) => reader.loadUsualPlace(who));
      expect([await read("a"), await read("b"), await read("c")]).toEqual(["Balie", "Kelder", null]);
      await store.write(async (tx) => {
        await tx.saveUsualPlace("a", null);
        await tx.saveUsualPlace("c", null);
      });
      expect([await read("a"), await read("b"), await read("c")]).toEqual([null, "Kelder", null]);
    });
  });
}

function insert(store: Store, incident: Incident): Promise<Incident> {
  return store.write((tx) => tx.insertIncident(incident));
}
