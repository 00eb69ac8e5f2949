import { z } from "zod";
import { Line, Name, PublicUrl, ShortLine } from "../../config/document/file-format.ts";
import { languages } from "../../domain/language.ts";
import { PhoneNumber } from "../../kit/phone-number.ts";
import { isWeakSecret } from "../../kit/secrets/weak-secret.ts";

const Guid = z.guid().toLowerCase();
const Text = z.string().min(1);
// A running house only hears of a weak secret; where nothing runs yet it can still be another one.
const Password = Text.refine((text) => !isWeakSecret(text));

/** The kinds of source and of pager that need little; the others stand in the example to copy from. */
export const sourceTypes = ["webhook", "kpn-things", "the-things-stack", "thingpark", "chirpstack"] as const;
export const pagerTypes = ["smtp", "webhook"] as const;

/**
 * What has to be known for a configuration that starts. `appId` left out: there is no app registration yet, and the bot
 * runs beside an emulator on this machine.
 */
export const answerShape = {
  language: z.enum(languages).default("nl"),
  organisation: Line,
  appId: Guid.optional(),
  tenantId: Guid,
  clientSecret: Text,
  clientSecretEndsOn: z.iso.date().optional(),
  publicUrl: PublicUrl.refine((url) => url.startsWith("https://")),
  channel: Name.default("frontdesk"),
  leadName: Line,
  leadId: Guid,
  leadPhone: PhoneNumber.optional(),
  source: z.enum(sourceTypes).default("webhook"),
  button: z.string().min(1).max(128),
  place: ShortLine,
  claimsNeeded: z.enum(["1", "2"]).default("2"),
  pager: z.enum(pagerTypes).default("smtp"),
  pagerUrl: z.url({ protocol: /^https?$/ }),
  mailHost: Text,
  mailFrom: z.email(),
  mailTo: z.email(),
  mailUser: Text.optional(),
  mailPassword: Password,
} as const;

export type Question = keyof typeof answerShape;
export type Given = Partial<Record<Question, string | undefined>>;

/** Each question with the answers before it that it depends on; the others are always asked. */
const conditions: Partial<Record<Question, (given: Given) => boolean>> = {
  tenantId: ({ appId }) => appId !== undefined,
  clientSecret: ({ appId }) => appId !== undefined,
  clientSecretEndsOn: ({ appId }) => appId !== undefined,
  publicUrl: ({ appId }) => appId !== undefined,
  pagerUrl: ({ pager }) => pager === "webhook",
  mailHost: ({ pager }) => pager === "smtp",
  mailFrom: ({ pager }) => pager === "smtp",
  mailTo: ({ pager }) => pager === "smtp",
  mailUser: ({ pager }) => pager === "smtp",
  mailPassword: ({ pager, mailUser }) => pager === "smtp" && mailUser !== undefined,
};

/** Answers that nobody else on the machine may read; the other secrets are made here. */
export const secretQuestions = ["clientSecret", "mailPassword"] as const satisfies readonly Question[];

/** The questions, in the order in which they are asked. */
export const questions = Object.keys(answerShape).filter((key): key is Question => Object.hasOwn(answerShape, key));

/** Whether that has to be known, after what was answered before it. */
export function isAsked(question: Question, given: Given): boolean {
  return conditions[question]?.(given) ?? true;
}

/** What an answer is read as; null: it can't be used. An empty one is none, for which there may be a default. */
export function readAnswer(question: Question, typed: string): { readonly value: string | undefined } | null {
  const schema: z.ZodType<string | undefined> = answerShape[question];
  const read = schema.safeParse(typed.trim() === "" ? undefined : typed.trim());
  return read.success ? { value: read.data } : null;
}
