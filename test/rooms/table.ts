/** A room: the files whose path begins like that, and what they may import besides themselves. */
export interface Room {
  readonly path: string;
  /** Our files, by how their path begins. */
  readonly ours: readonly string[];
  readonly libraries?: readonly string[];
}

const domain = "bot/domain/";
const shared = ["alarm", "location", "person", "language", "message-key", "who-may"].map(
  (name) => `${domain}${name}.ts`,
);
const words = "bot/words/";
/** What a schema of settings says that it expects. */
const settings = "bot/words/settings/expects.ts";
const fileFault = "bot/words/shared/file-fault.ts";
const layer = [domain, "bot/kit/", "bot/ports/", "bot/contracts.ts", "bot/errors.ts", "bot/log.ts", "bot/log-events/"];
const kernel = "bot/engine/kernel/";
const http = "bot/web/http/";
const cards = "bot/teams/cards/";
const wire = "bot/teams/wire/";
const outbound = "bot/teams/outbound/";
const teamsOptions = "bot/teams/teams-options.ts";
/** What an adapter knows of the bot. */
const outside = [
  "bot/contracts.ts",
  "bot/errors.ts",
  "bot/log-events/",
  "bot/kit/",
  "bot/ports/time.ts",
  "bot/ports/timing.ts",
  "bot/domain/alarm.ts",
  "bot/domain/language.ts",
  settings,
];
const kit = "adapters/kit/";

/** One subject of the domain: it knows the incident and what all share, and no other subject. */
function subject(name: string): Room {
  return { path: `${domain}${name}/`, ours: [...shared, `${domain}incident/`], libraries: ["zod"] };
}

/** One subject of the engine: it knows the kernel and no other subject. */
function part(name: string): Room {
  return { path: `bot/engine/${name}/`, ours: [...layer, kernel] };
}

/** One caller's doors: they know what all doors share, and no other caller. */
function door(name: string, ...more: string[]): Room {
  return { path: `bot/web/${name}/`, ours: [...layer, http, ...more], libraries: ["zod", "express", "prom-client"] };
}

/** One protocol of several adapters. */
function protocol(name: string, ...libraries: string[]): Room {
  return { path: `adapters/protocols/${name}/`, ours: [...outside, kit], libraries: ["zod", ...libraries] };
}

/** The first room that matches a file is its room: the narrower ones stand first. */
export const rooms: readonly Room[] = [
  subject("incident"),
  subject("visit"),
  subject("device"),
  subject("route-test"),
  subject("ring-test"),
  subject("channel"),
  subject("trouble"),
  subject("teams-test"),
  { path: domain, ours: shared, libraries: ["zod"] },
  { path: "bot/kit/secrets/one-or-two.ts", ours: [settings], libraries: ["zod"] },
  { path: "bot/kit/phone-number.ts", ours: [settings], libraries: ["zod"] },
  { path: "bot/kit/", ours: [] },
  { path: "bot/ports/", ours: [domain, "bot/kit/", "bot/errors.ts", "bot/log-events/"], libraries: ["zod"] },
  { path: "bot/contracts.ts", ours: [domain, "bot/kit/", "bot/ports/time.ts", "bot/log-events/"], libraries: ["zod"] },
  { path: "bot/errors.ts", ours: [domain] },
  { path: "bot/log-events/", ours: [], libraries: ["zod"] },
  { path: "bot/metrics/", ours: [] },
  { path: "bot/log.ts", ours: ["bot/log-events/"] },
  { path: "bot/logging/", ours: ["bot/kit/", "bot/log.ts", "bot/log-events/"], libraries: ["pino"] },
  { path: "bot/words/shared/", ours: [domain, "bot/kit/"] },
  { path: words, ours: [domain, "bot/kit/", "bot/words/shared/"] },
  {
    path: "bot/config/",
    ours: [domain, "bot/kit/", "bot/ports/directory.ts", "bot/errors.ts", words],
    libraries: ["zod", "yaml"],
  },

  { path: kernel, ours: layer, libraries: ["node-cron"] },
  part("incident"),
  part("visit"),
  part("presser"),
  part("channel"),
  part("readiness"),
  part("route-test"),
  part("ring-test"),
  { path: "bot/engine/engine.ts", ours: [...layer, "bot/engine/"] },
  { path: "bot/engine/record.ts", ours: [...layer, "bot/engine/"] },
  { path: "bot/engine/known-configuration.ts", ours: layer },
  { path: "bot/engine/backfill.ts", ours: [...layer, kernel] },

  { path: "bot/store/sql/", ours: layer, libraries: ["kysely"] },
  { path: "bot/store/migrations/", ours: [], libraries: ["kysely", "kysely/migration"] },
  {
    path: "bot/store/sqlite/",
    ours: [...layer, "bot/store/sql/", "bot/store/migrations/"],
    libraries: ["kysely", "better-sqlite3"],
  },
  {
    path: "bot/store/postgres/",
    ours: [...layer, "bot/store/sql/", "bot/store/migrations/"],
    libraries: ["kysely", "pg"],
  },
  {
    path: "bot/store/copy/",
    ours: [...layer, "bot/store/migrations/", "bot/store/sqlite/", fileFault],
    libraries: ["better-sqlite3"],
  },
  {
    path: "bot/store/move/",
    ours: [...layer, "bot/store/migrations/", "bot/store/sql/", "bot/store/sqlite/", "bot/store/postgres/"],
    libraries: ["better-sqlite3"],
  },
  { path: "bot/store/store.ts", ours: [...layer, "bot/store/", fileFault] },

  {
    path: `${wire}bot-framework/`,
    ours: [...layer, wire],
    libraries: ["zod", "botbuilder", "botframework-connector", "@microsoft/teams-ai/lib/TeamsAdapter.js"],
  },
  { path: wire, ours: layer, libraries: ["zod", "express", "jose", "@microsoft/teams.cards"] },
  { path: cards, ours: [...layer, wire, words], libraries: ["@microsoft/teams.cards"] },
  { path: teamsOptions, ours: [...layer, wire] },
  { path: outbound, ours: [...layer, wire, cards, words] },
  {
    path: "bot/teams/inbound/",
    ours: [...layer, wire, cards, outbound, teamsOptions, words],
    libraries: ["express", "@microsoft/teams-ai/lib/Application.js"],
  },
  { path: "bot/teams/teams.ts", ours: [...layer, "bot/teams/"], libraries: ["express"] },

  { path: http, ours: [...layer, words], libraries: ["zod", "express", "helmet"] },
  { path: "bot/web/doors.ts", ours: [...layer, http], libraries: ["express"] },
  door("alarms"),
  door("guard", words),
  door("ops", "bot/metrics/"),
  door("pagers"),
  door("public", words),
  door("teams"),

  { path: "adapters/kit/", ours: outside, libraries: ["zod", "@marcbachmann/cel-js"] },
  protocol("lorawan", "pbf"),
  protocol("mqtt", "mqtt"),
  protocol("sia-dc09"),
  { ...protocol("twilio"), ours: [...outside, kit, "bot/words/guard/", "bot/words/shared/"] },
  { path: "adapters/sources/", ours: [...outside, kit, "adapters/protocols/"], libraries: ["zod"] },
  { path: "adapters/listeners/", ours: [...outside, kit, "adapters/protocols/"], libraries: ["zod", "mqtt"] },
  {
    path: "adapters/pagers/",
    ours: [...outside, kit, "adapters/protocols/", "bot/words/guard/", "bot/words/shared/"],
    libraries: ["zod", "nodemailer"],
  },
  { path: "adapters/index.ts", ours: [...outside, "adapters/"], libraries: ["zod"] },

  { path: "bot/compose/", ours: ["bot/", "adapters/index.ts"], libraries: ["zod"] },
  { path: "bot/app.ts", ours: ["bot/", "adapters/index.ts"], libraries: ["zod"] },
  { path: "bot/main.ts", ours: ["bot/"], libraries: ["commander"] },
  { path: "bot/process.ts", ours: ["bot/"] },
  {
    path: "bot/cli/",
    ours: ["bot/", "adapters/", "manifests/", "package.json"],
    libraries: ["zod", "commander", "express", "fflate", "yaml"],
  },
];
