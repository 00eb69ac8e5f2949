import type { Alarm } from "../domain/alarm.ts";
import { listChannels } from "../engine/channel/list-channels.ts";
import { toLine } from "../kit/safe-text.ts";
import type { Trouble } from "../ports/status.ts";
import { toTroubleEntries } from "../teams/cards/troubles.ts";
import { createCheckUpDoor } from "../web/ops/check-up-door.ts";
import { createDoctorDoor, type DoctorDoorOptions } from "../web/ops/doctor-door.ts";
import { createHealthDoor } from "../web/ops/health-door.ts";
import { createMetricsDoor } from "../web/ops/metrics-door.ts";
import { createPressTestDoor, type Destination } from "../web/ops/press-test-door.ts";
import { createReloadDoor } from "../web/ops/reload-door.ts";
import { createTeamsTestDoor } from "../web/ops/teams-test-door.ts";
import type { BehindDoors } from "./behind-doors.ts";

/** The doctor shows them all, and nobody reads more. */
const maxTroubleLines = 200;

/**
 * Creates the doors of those who keep the bot running: how it is, by the metrics' token, and tests of the ways to
 * security, of presses, and of Teams, by the doctor's.
 */
export function createOpsDoors(options: BehindDoors): ReturnType<typeof createDoctorDoor>[] {
  const { configuration, kernel, engine, directory, sources, teamsTests, refusals, names, reload } = options;
  const { language } = configuration;
  const { store, clock, log, noteSecret } = kernel;
  const { routeTests, proven, probe, lostChannels, figures, checkUp } = engine;
  const reader = { token: configuration.metricsToken, noteSecret };
  const tester = { token: configuration.doctorToken, noteSecret };
  const doctor: DoctorDoorOptions["doctor"] = {
    start: () => routeTests.start(null, null),
    load: (id) => routeTests.load(id),
    confirm: (id, pager) => routeTests.confirm(id, pager),
    proven,
  };
  async function findDestination(source: string, alarm: Alarm): Promise<Destination | null> {
    if (!Object.hasOwn(configuration.sources, source)) return null;
    const { place, channel } = directory.toPress(source, alarm, "", 0);
    const linked = (await listChannels(configuration, store)).filter(({ isLinked }) => isLinked);
    return { place, channel, isLinked: linked.some(({ name }) => name === channel) };
  }
  const toTroubleLines = (troubles: readonly Trouble[]) =>
    toTroubleEntries(troubles, maxTroubleLines, clock.now(), { language, names, toText: toLine }).map((line) =>
      line.replace(/^- /, "").replaceAll("**", ""),
    );
  return [
    createCheckUpDoor({ ...tester, checkUp, inbound: () => teamsTests.inbound, toTroubleLines, log }),
    createHealthDoor({ ...reader, probe, lostChannels, clock, log }),
    createMetricsDoor({ ...reader, figures, refusals, clock, log }),
    createDoctorDoor({ ...tester, doctor, log }),
    createPressTestDoor({ ...tester, sources, findDestination, clock, log }),
    createTeamsTestDoor({ ...tester, teamsTests, people: () => directory.people, log }),
    createReloadDoor({ ...tester, reload, log }),
  ];
}
