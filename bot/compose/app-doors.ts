import { createAlarmDoor } from "../web/alarms/alarm-door.ts";
import { createDoors } from "../web/doors.ts";
import { createGuardDoor } from "../web/guard/guard-door.ts";
import { createPagerDoor } from "../web/pagers/pager-door.ts";
import { createAboutDoor } from "../web/public/about-door.ts";
import { createTeamsDoor } from "../web/teams/teams-door.ts";
import type { BehindDoors } from "./behind-doors.ts";
import { createOpsDoors } from "./ops-doors.ts";

/** Creates every door of the bot. */
export function createAppDoors(options: BehindDoors): ReturnType<typeof createDoors> {
  const { configuration, kernel, engine, sources, pagers, names, guardKeys, refusals } = options;
  const { clock, log, noteSecret } = kernel;
  const { organisation, timezone, language } = configuration;
  const shared = { noteSecret, clock, log };
  return createDoors(
    [
      createAlarmDoor({ ...shared, sources, takeAlarms: engine.takeAlarms, refusals }),
      createTeamsDoor(options.handleActivity),
      createAboutDoor(configuration),
      createPagerDoor({ ...shared, pagers, recordPagerEvents: (...args) => engine.guards.recordEvents(...args) }),
      ...createOpsDoors(options),
      createGuardDoor({ ...shared, guard: engine.guards, guardKeys, organisation, timezone, language, names }),
    ],
    log,
  );
}
