import { type Configuration, teamsType } from "../../../config/configuration.ts";
import { toNames } from "../../../config/names.ts";
import { findSecretTrouble } from "../../../domain/channel/client-secret.ts";
import { toDate, toDateTime } from "../../../words/shared/time.ts";
import type { CheckUpWords } from "../../../words/terminal/check-up-words.ts";
import { teamsInbound } from "../../../words/terminal/teams-inbound.ts";
import { toFaultText } from "../../../words/terminal/teams-step.ts";
import type { CheckUpReport } from "../check-up-report.ts";
import type { Finding } from "../finding.ts";

/** A write that takes longer than this holds up every alarm behind it. */
const slowSyncMs = 500;
const dayMs = 24 * 3_600_000;

type Judge = Pick<Finding, "state" | "said">;

/** What the running bot knows; `report` null: it can't be asked. */
export function checkBot(
  report: CheckUpReport | null,
  configuration: Configuration,
  words: CheckUpWords,
): readonly Finding[] {
  const unseen: Judge = { state: "unseen", said: words.onlyBot };
  const { subject } = words;
  const names = toNames(configuration);
  const toMoment = (at: number) => toDateTime(at, configuration.timezone, configuration.language);
  const { channels, people, sources } = configuration;
  return [
    { check: "sync", subject: subject.sync, ...(report === null ? unseen : judgeSync(report, words)) },
    { check: "token", subject: subject.token, ...judgeToken(report, configuration, words) },
    { check: "inbound", subject: subject.inbound, ...judgeInbound(report, toMoment, configuration, words) },
    { check: "secret", subject: subject.secret, ...judgeSecret(configuration, words) },
    ...Object.keys(channels).map((name) => {
      return { check: `channel ${name}`, subject: subject.channel(name), ...judgeChannel(name, report, words) };
    }),
    ...(people ?? []).map(({ name }) => {
      return { check: `person ${name}`, subject: subject.person(name), ...judgePerson(name, report, toMoment, words) };
    }),
    ...Object.entries(sources).map(([name, { type }]): Finding => {
      const finding = { check: `source ${name}`, subject: subject.source(names.source(name)) };
      if (type === teamsType) return { ...finding, state: "good", said: words.source.typed };
      return { ...finding, ...judgeSource(name, report, toMoment, words) };
    }),
    ...checkChanges(report, toMoment, words),
    ...checkTroubles(report, words),
  ];
}

function judgeSync({ syncMs }: CheckUpReport, words: CheckUpWords): Judge {
  if (syncMs === null) return { state: "bad", said: words.sync.refused };
  return syncMs > slowSyncMs
    ? { state: "bad", said: words.sync.slow(syncMs) }
    : { state: "good", said: words.sync.good(syncMs) };
}

function judgeToken(report: CheckUpReport | null, { teams, language }: Configuration, words: CheckUpWords): Judge {
  if (teams.local) return { state: "unseen", said: words.local };
  if (report === null) return { state: "unseen", said: words.onlyBot };
  const { tokenFault } = report;
  if (tokenFault === null) return { state: "good", said: words.token.good };
  return { state: "bad", said: words.token.bad(toFaultText(tokenFault, language)) };
}

/** What Teams last sent; of what was refused since then, why the newest was. */
function judgeInbound(
  report: CheckUpReport | null,
  toMoment: (at: number) => string,
  { language }: Configuration,
  words: CheckUpWords,
): Judge {
  if (report === null) return { state: "unseen", said: words.onlyBot };
  const { takenAt, refused } = report.inbound;
  const [newest] = refused;
  if (takenAt !== null) return { state: "good", said: words.inbound.good(toMoment(takenAt)) };
  if (newest === undefined) return { state: "unseen", said: words.inbound.nothing };
  return { state: "bad", said: words.inbound.refused(toMoment(newest.at), teamsInbound[language].flaw[newest.flaw]) };
}

function judgeSecret({ teams, timezone, language }: Configuration, words: CheckUpWords): Judge {
  const { clientSecretEndsOn: endsOn } = teams;
  if (teams.local) return { state: "unseen", said: words.local };
  if (endsOn === null) return { state: "unseen", said: words.secret.unseen };
  const date = toDate(Date.parse(endsOn), "UTC", language);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(Date.now());
  const days = Math.round((Date.parse(endsOn) - Date.parse(today)) / dayMs);
  if (findSecretTrouble(endsOn, today) === null) return { state: "good", said: words.secret.good(date, days) };
  return { state: "bad", said: days > 0 ? words.secret.soon(date, days) : words.secret.over(date) };
}

function judgeChannel(name: string, report: CheckUpReport | null, words: CheckUpWords): Judge {
  const found = report?.channels.find((each) => each.name === name);
  if (found === undefined) return { state: "unseen", said: words.onlyBot };
  if (!found.isLinked) return { state: "bad", said: words.channel.unlinked(name) };
  return found.isUp ? { state: "good", said: words.channel.good } : { state: "bad", said: words.channel.lost };
}

function judgePerson(
  name: string,
  report: CheckUpReport | null,
  toMoment: (at: number) => string,
  words: CheckUpWords,
): Judge {
  const found = report?.people.find((each) => each.name === name);
  if (found === undefined) return { state: "unseen", said: words.onlyBot };
  if (found.reach === "ready") return { state: "good", said: words.person.good };
  if (found.since === null) return { state: "unseen", said: words.person.unseen };
  return { state: "bad", said: words.person.bad(toMoment(found.since)) };
}

function judgeSource(
  name: string,
  report: CheckUpReport | null,
  toMoment: (at: number) => string,
  words: CheckUpWords,
): Judge {
  if (report === null) return { state: "unseen", said: words.onlyBot };
  const found = report.sources.find(({ source }) => source === name);
  if (found === undefined) return { state: "unseen", said: words.source.never };
  const moment = toMoment(found.at);
  return found.isSilent
    ? { state: "bad", said: words.source.silent(moment) }
    : { state: "good", said: words.source.good(moment) };
}

/** Of each secret that was used by the value before the new one, whether that one is still needed. */
function checkChanges(
  report: CheckUpReport | null,
  toMoment: (at: number) => string,
  words: CheckUpWords,
): readonly Finding[] {
  return (report?.secrets ?? [])
    .filter(({ value }) => value === "second")
    .map(({ secret, at }) => {
      const said = words.change.going(toMoment(at));
      return { check: `change ${secret}`, subject: words.subject.change(secret), state: "good", said };
    });
}

function checkTroubles(report: CheckUpReport | null, words: CheckUpWords): readonly Finding[] {
  const finding = { check: "trouble", subject: words.subject.trouble };
  if (report === null) return [{ ...finding, state: "unseen", said: words.onlyBot }];
  if (report.troubles.length === 0) return [{ ...finding, state: "good", said: words.noTroubles }];
  return report.troubles.map((said) => ({ ...finding, state: "bad", said }));
}
