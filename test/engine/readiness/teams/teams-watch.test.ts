import { describe, expect, it } from "vitest";
import type { ChannelSign, LookFinding } from "../../../../bot/domain/channel/health.ts";
import { TeamsWatch } from "../../../../bot/engine/readiness/teams/teams-watch.ts";
import type { TeamsLooks, WatchedChannel } from "../../../../bot/ports/teams-looks.ts";
import { openKernel, second } from "../../open-kernel.ts";

const minute = 60 * second;
const channels: readonly WatchedChannel[] = [
  { channel: "frontdesk", conversation: "19:a@thread.tacv2", team: "19:one" },
  { channel: "back-office", conversation: "19:b@thread.tacv2", team: "19:one" },
  { channel: "annex", conversation: "19:c@thread.tacv2", team: "19:two" },
];

/** A watch over a Teams that does what the test says, and counts what it is asked. */
async function open(changes: Partial<TeamsLooks> = {}) {
  await using stack = new AsyncDisposableStack();
  const kernel = stack.use(await openKernel());
  const looked: string[] = [];
  let onSign: (channel: string, sign: ChannelSign) => void = () => undefined;
  let underWay = 0;
  let mostUnderWay = 0;
  let finding: LookFinding = "there";
  const teams: TeamsLooks = {
    listChannels: async () => ({ linked: channels, unlinked: [] }),
    freshenToken: async () => null,
    look: async () => finding,
    showSignOfLife: async () => expect.fail("nobody asked for a sign"),
    subscribeToSigns: (subscriber) => {
      onSign = subscriber;
    },
    ...changes,
  };
  const look: TeamsLooks["look"] = async (channel, signal) => {
    looked.push(channel);
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    try {
      return await teams.look(channel, signal);
    } finally {
      underWay -= 1;
    }
  };
  let toldChanges = 0;
  const watch = stack.use(
    new TeamsWatch(kernel.kernel, {
      handler: kernel.handler,
      teams: { ...teams, look },
      onChange: () => {
        toldChanges += 1;
      },
    }),
  );
  const held = stack.move();
  return {
    ...kernel,
    watch,
    looked,
    sign: (channel: string, sign: ChannelSign) => onSign(channel, sign),
    find: (next: LookFinding) => {
      finding = next;
    },
    /** As `pass`, where something hangs or does not: each moment gets some turns of the loop. */
    async march(ms: number) {
      const until = kernel.kernel.clock.now() + ms;
      for (;;) {
        await kernel.rest();
        if (kernel.kernel.clock.now() >= until) return;
        kernel.kernel.clock.to(Math.min(until, kernel.kernel.clock.nextAt));
      }
    },
    lost: () => watch.troubles.map(({ channel }) => channel),
    get mostUnderWay() {
      return mostUnderWay;
    },
    get toldChanges() {
      return toldChanges;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

describe("the watch over Teams", () => {
  it("looks at each team once a minute, and waits with the first", async () => {
    await using teams = await open();
    await teams.pass(9 * second);
    expect(teams.looked).toEqual([]);
    await teams.pass(10 * minute);
    expect(teams.looked.filter((channel) => channel === "frontdesk")).toHaveLength(10);
    expect(teams.looked.filter((channel) => channel === "annex")).toHaveLength(10);
    expect(teams.watch.channels).toEqual(channels.map(({ channel }) => ({ channel, isUp: true })));
  });

  it("knows within two minutes that a team is lost, tells it once, and that it is there again", async () => {
    await using teams = await open();
    await teams.pass(minute);
    teams.find("not-there");
    await teams.pass(2 * minute);
    expect(teams.lost()).toEqual(["frontdesk", "back-office", "annex"]);
    expect(teams.toldChanges).toBe(3);
    await teams.pass(10 * minute);
    expect(teams.lines.filter((line) => line.startsWith("teams-lost"))).toHaveLength(3);
    teams.find("there");
    await teams.pass(minute);
    expect(teams.lost()).toEqual([]);
    expect(teams.toldChanges).toBe(6);
  });

  it("tells of a channel that is not linked at once, until it is, and not of one that can't be read", async () => {
    let unlinked = ["annex"];
    await using teams = await open({ listChannels: async () => ({ linked: channels.slice(0, 1), unlinked }) });
    await teams.settle();
    const since = teams.kernel.clock.now();
    expect(teams.watch.troubles).toEqual([{ kind: "teams-lost", channel: "annex", reason: "not-linked", since }]);
    expect(teams.watch.channels).toEqual([
      { channel: "frontdesk", isUp: true },
      { channel: "annex", isUp: false },
    ]);
    expect(teams.watch.linked).toEqual(["frontdesk"]);
    await teams.pass(5 * minute);
    expect(teams.toldChanges).toBe(1);
    unlinked = [];
    teams.watch.resume();
    await teams.settle();
    expect(teams.lost()).toEqual([]);
    expect(teams.toldChanges).toBe(2);
  });

  it("has a fresh token each minute; without one nothing is looked at, and all channels are lost", async () => {
    let asked = 0;
    let isThere = true;
    await using teams = await open({
      freshenToken: async () => {
        asked += 1;
        return isThere ? null : { flaw: "secret-expired", answer: "AADSTS7000222" };
      },
    });
    await teams.settle();
    expect(asked).toBe(1);
    await teams.pass(10 * minute);
    expect(asked).toBe(11);
    isThere = false;
    await teams.pass(2 * minute);
    expect(teams.watch.troubles.map(({ reason }) => reason)).toEqual(["no-token", "no-token", "no-token"]);
    const before = teams.looked.length;
    await teams.pass(5 * minute);
    expect(teams.looked).toHaveLength(before);
    isThere = true;
    await teams.pass(minute);
    expect(teams.lost()).toEqual([]);
  });

  it("looks sooner at the team of a channel whose post was refused", async () => {
    await using teams = await open();
    await teams.pass(minute);
    const before = teams.looked.length;
    teams.sign("annex", { kind: "post-refused" });
    await teams.pass(5 * second);
    expect(teams.looked.slice(before)).toEqual(["annex"]);
  });

  it("does so too where that post was refused while it looked at that team", async () => {
    let isRefused = false;
    await using teams = await open({
      look: async () => {
        if (isRefused) teams.sign("annex", { kind: "post-refused" });
        return "there";
      },
    });
    await teams.pass(minute);
    isRefused = true;
    await teams.pass(10 * second);
    isRefused = false;
    const before = teams.looked.length;
    await teams.pass(5 * second);
    expect(teams.looked.slice(before)).toEqual(["annex"]);
  });

  it("keeps what it knows of a lost channel over a restart, unless that is linked elsewhere since", async () => {
    await using teams = await open();
    await teams.pass(minute);
    for (const channel of ["annex", "frontdesk"]) {
      for (let times = 0; times < 3; times += 1) teams.sign(channel, { kind: "post-refused" });
    }
    await teams.settle();
    const moved = channels.map((each) => (each.channel === "annex" ? { ...each, conversation: "19:d" } : each));
    const again = new TeamsWatch(teams.kernel, {
      handler: teams.handler,
      teams: {
        listChannels: async () => ({ linked: moved, unlinked: [] }),
        freshenToken: async () => null,
        look: async () => "there",
        showSignOfLife: async () => expect.fail("nobody asked for a sign"),
        subscribeToSigns: () => undefined,
      },
      onChange: () => undefined,
    });
    await using _again = again;
    await teams.settle();
    expect(again.troubles).toMatchObject([{ channel: "frontdesk", reason: "posts-refused" }]);
    expect([again.isMute("frontdesk"), again.isMute("annex"), again.isMute("nothing")]).toEqual([true, false, false]);
  });

  it("ends at once, with the look that is under way", async () => {
    const look = (_channel: string, signal: AbortSignal) =>
      new Promise<LookFinding>((resolve) => {
        signal.addEventListener("abort", () => resolve("no-answer"));
      });
    const teams = await open({ look });
    await teams.march(12 * second);
    expect(teams.mostUnderWay).toBe(2);
    await teams[Symbol.asyncDispose]();
    expect(teams.lost()).toEqual([]);
  });

  it("goes on when the disk takes nothing", async () => {
    await using teams = await open();
    await teams.pass(minute);
    {
      using _held = teams.holdDisk();
      teams.find("not-there");
      await teams.pass(2 * minute);
      expect(teams.lost()).toHaveLength(3);
      expect(teams.lines.some((line) => line.startsWith("channel-health-not-saved"))).toBe(true);
    }
  });
});

const never = () => new Promise<never>(() => undefined);
function throwing(): never {
  throw new Error("no promise at all");
}

describe("a Teams that", () => {
  it("hangs in twenty teams at once is lost in each of them within two minutes, ten looks at a time", async () => {
    const many = Array.from({ length: 20 }, (_, at) => ({
      channel: `c${at}`,
      conversation: `19:${at}`,
      team: `t${at}`,
    }));
    let hangs = false;
    const teams = await open({
      listChannels: async () => ({ linked: many, unlinked: [] }),
      look: async () => (hangs ? never() : "there"),
    });
    await teams.march(minute);
    hangs = true;
    await teams.march(2 * minute);
    expect(teams.lost()).toHaveLength(20);
    const ending = teams[Symbol.asyncDispose]();
    await teams.march(3 * second);
    await ending;
  });

  it.each<[string, Partial<TeamsLooks>]>([
    ["hangs at a look, whatever its signal", { look: never }],
    ["throws at a look", { look: throwing }],
    ["rejects at a look", { look: async () => throwing() }],
    ["hangs at a token", { freshenToken: never }],
    ["throws at a token", { freshenToken: throwing }],
  ])("%s is lost within two minutes, and the watch ends in time", async (_how, changes) => {
    const teams = await open(changes);
    await teams.march(2 * minute + 10 * second);
    expect(teams.lost().length).toBeGreaterThan(0);
    const ending = teams[Symbol.asyncDispose]();
    await teams.march(3 * second);
    await ending;
  });

  it.each<[string, Partial<TeamsLooks>]>([
    ["hangs", { listChannels: never }],
    ["throws", { listChannels: throwing }],
  ])("%s when it is asked for its channels has none, and stops nothing", async (_how, changes) => {
    const teams = await open(changes);
    await teams.march(10 * second);
    expect(teams.watch.channels).toEqual([]);
    const ending = teams[Symbol.asyncDispose]();
    await teams.march(3 * second);
    await ending;
  });
});
