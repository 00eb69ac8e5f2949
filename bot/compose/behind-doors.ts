import type { Configuration } from "../config/configuration.ts";
import type { ReadyPager, ReadySource } from "../contracts.ts";
import type { Names } from "../domain/names.ts";
import type { Engine } from "../engine/engine.ts";
import type { Kernel } from "../engine/kernel/kernel.ts";
import type { NoteSecret } from "../kit/secrets/secret.ts";
import type { AuditBy } from "../log-events/audit.ts";
import type { Directory, ReloadAnswer } from "../ports/directory.ts";
import type { TeamsTests } from "../teams/outbound/teams-test/teams-tests.ts";
import type { GuardKeys } from "../web/guard/guard-token.ts";
import type { Refusals } from "../web/http/refusals.ts";
import type { createTeamsDoor } from "../web/teams/teams-door.ts";

/** What stands behind the doors. */
export interface BehindDoors {
  readonly configuration: Configuration;
  readonly kernel: Kernel & { readonly noteSecret: NoteSecret };
  readonly engine: Engine;
  readonly directory: Directory;
  readonly names: Names;
  /** By their names in the configuration, as the pagers. */
  readonly sources: Readonly<Record<string, ReadySource>>;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly handleActivity: Parameters<typeof createTeamsDoor>[0];
  readonly teamsTests: TeamsTests;
  readonly guardKeys: () => GuardKeys;
  readonly refusals: Refusals;
  readonly reload: (by: AuditBy) => Promise<ReloadAnswer>;
}
