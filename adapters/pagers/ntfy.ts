import { z } from "zod";
import type { Page, Pager, Receipt, Report } from "../../bot/contracts.ts";
import type { Language } from "../../bot/domain/language.ts";
import { toDigest } from "../../bot/kit/digest.ts";
import { safeFor, toJson } from "../../bot/kit/safe-text.ts";
import { isWeakSecret } from "../../bot/kit/secrets/weak-secret.ts";
import { push, toMarked } from "../../bot/words/guard/push.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { toCallerHeaders } from "../kit/caller.ts";
import { postJson } from "../kit/network/http.ts";
import { toAddress } from "../kit/network/target.ts";

const NtfyOptions = z
  .strictObject({
    server: z
      .url({ protocol: /^https?$/, error: expects("httpUrl") })
      .refine(isRoot, expects("serverRoot"))
      .default("https://ntfy.sh"),
    /** https://docs.ntfy.sh/publish/: on a server without accounts whoever knows it can read the messages. */
    topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, expects("topicCharacters")),
    token: z.string().min(1).optional(),
    user: z
      .string()
      .regex(/^[^:]+$/, expects("noColon"))
      .optional(),
    password: z.string().min(1).optional(),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: expects("userAndPassword"),
    path: ["password"],
  })
  .refine(({ token, user }) => token === undefined || user === undefined, {
    error: expects("tokenOrUser"),
    path: ["token"],
  });
type NtfyOptions = z.infer<typeof NtfyOptions>;

const timeoutMs = 5_000;

/** A name that stands in for a password has to be as long as one. */
const minTopicLength = 20;

/** https://docs.ntfy.sh/publish/#limitations: what is longer becomes an attachment, which nobody opens in a hurry. */
const maxMessageBytes = 3_500;

/**
 * A message on phones (ntfy), with buttons that answer without opening anything: they post to the guard's page, and do
 * not say who of those who read the topic presses. Updates and call-offs are messages of their own. Rejects as
 * `postJson` does.
 */
export const ntfy: Pager<NtfyOptions> = {
  title: "ntfy",
  Options: NtfyOptions,
  canCall: false,
  canTell: true,
  mayGetPhones: false,
  addresses: ({ server }) => [toAddress(server)],
  findWeaknesses: (options) => (isOpenToAll(options) ? [expects("tokenOrLongTopic")] : []),
  open(options, { clock, language }) {
    const headers = toHeaders(options);
    async function publish(message: object, signal: AbortSignal): Promise<Receipt> {
      const now = clock.wall();
      const body = toJson({ topic: options.topic, ...message });
      await postJson({ url: options.server, headers, body, now, signal });
      return { acceptedAt: now };
    }
    const send = (page: Page, signal: AbortSignal) => publish(toMessage(page, language), signal);
    return {
      timeoutMs,
      page: send,
      update: send,
      callOff: send,
      tell: (report, signal) => publish(toReportMessage(report), signal),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

/**
 * Whoever guesses the topic's name reads the guard's link and can answer, where no account is asked for.
 * https://docs.ntfy.sh/publish/#public-topics
 */
function isOpenToAll({ topic, token, user }: NtfyOptions): boolean {
  return token === undefined && user === undefined && (topic.length < minTopicLength || isWeakSecret(topic));
}

/** https://docs.ntfy.sh/publish/#authentication */
function toHeaders({ token, user, password }: NtfyOptions): Readonly<Record<string, string>> {
  if (token !== undefined) return toCallerHeaders({ secret: token });
  return password === undefined ? {} : toCallerHeaders({ secret: password, username: user });
}

/** https://docs.ntfy.sh/publish/#publish-as-json */
function toMessage(page: Page, language: Language): object {
  const { reason, acceptUrl, key, words } = page;
  const isPage = reason !== "update" && reason !== "call-off";
  return {
    title: safeFor.plain(toMarked(reason, words.title)),
    message: cutToBytes(safeFor.plain(toMarked(reason, words.text)), maxMessageBytes),
    // 5: breaks through "do not disturb" where the phone lets it.
    priority: isPage ? 5 : 4,
    tags: [reason === "test" ? "test_tube" : reason === "call-off" ? "white_check_mark" : "rotating_light"],
    // Servers and apps of 2026 and later show a retry in place of the first message; others show both.
    sequence_id: toDigest(key).slice(0, 32),
    ...(acceptUrl === null || reason === "call-off"
      ? {}
      : { click: acceptUrl, actions: toActions(acceptUrl, reason === "test", language) }),
  };
}

/** No alarm: 3 is ntfy's usual priority, which no phone makes louder, and there is nothing to answer. */
function toReportMessage({ key, words }: Report): object {
  return {
    title: safeFor.plain(words.title),
    message: cutToBytes(safeFor.plain(words.text), maxMessageBytes),
    priority: 3,
    tags: ["wrench"],
    sequence_id: toDigest(key).slice(0, 32),
  };
}

/**
 * https://docs.ntfy.sh/publish/#action-buttons: three at most. `clear`: the message disappears when the answer has
 * arrived.
 */
function toActions(acceptUrl: string, isTest: boolean, language: Language): object[] {
  const words = push[language];
  const toAnswer = (label: string, value: string) => ({
    action: "http",
    label,
    url: acceptUrl,
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: `answer=${value}`,
    clear: true,
  });
  return [
    toAnswer(isTest ? words.comingTest : words.coming, "accept"),
    // A test asks for one answer.
    ...(isTest ? [] : [toAnswer(words.notComing, "decline")]),
    { action: "view", label: isTest ? words.openTest : words.open, url: acceptUrl },
  ];
}

/** Cuts a text to `limit` bytes of UTF-8, never within a character. */
function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  return `${bytes
    .subarray(0, limit)
    .toString("utf8")
    .replace(/\ufffd+$/u, "")}…`;
}

function isRoot(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
}
