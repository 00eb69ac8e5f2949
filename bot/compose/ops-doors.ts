import type { Alarm } from "../domain/alarm.ts";
import { listChannels } from "../engine/channel/list-channels.ts";
import { createDoctorDoor, type DoctorDoorOptions } from "../web/ops/doctor-door.ts";
import { createHealthDoor } from "../web/ops/health-door.ts";
import { createMetricsDoor } from "../web/ops/metrics-door.ts";
import { createPressTestDoor, type Destination } from "../web/ops/press-test-door.ts";
import { createTeamsTestDoor } from "../web/ops/teams-test-door.ts";
import type { BehindDoors } from "./behind-doors.ts";

/**
 * Creates the doors of those who keep the bot running: how it is, by the metrics' token, and tests of the ways to
 * security, of presses, and of Teams, by the doctor's.
 */
export function createOpsDoors(options: BehindDoors): ReturnType<typeof createDoctorDoor>[] {
  const { configuration, kernel, engine, directory, sources, teamsTests, refusals } = options;
  const { store, clock, log, noteSecret } = kernel;
  const { routeTests, proven, probe, lostChannels, figures } = engine;
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
  return [
    createHealthDoor({ ...reader, probe, lostChannels, clock, log }),
    createMetricsDoor({ ...reader, figures, refusals, log }),
    createDoctorDoor({ ...tester, doctor, log }),
    createPressTestDoor({ ...tester, sources, findDestination, clock, log }),
    createTeamsTestDoor({ ...tester, teamsTests, people: directory.people, log }),
  ];
}
