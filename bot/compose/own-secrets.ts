import { randomBytes } from "node:crypto";
import { createLinkCode } from "../engine/channel/link-code.ts";
import type { Kernel } from "../engine/kernel/kernel.ts";
import { OwnSecret } from "../engine/readiness/own-secret.ts";
import { type Secret, valuesOf } from "../kit/secrets/secret.ts";
import { type GuardKeys, toGuardKeys } from "../web/guard/guard-token.ts";

/** The keys of the guards' links, as they are at each call. */
export async function openGuardKeys(configured: readonly string[], kernel: Kernel, stack: AsyncDisposableStack) {
  const make = () => randomBytes(32).toString("base64");
  const own = stack.use(await OwnSecret.load(kernel, "guard-key", make));
  const toKey = (value: string) => Buffer.from(value, "base64");
  return (): GuardKeys => toGuardKeys(configured, toKey(own.values[0]), ...own.values.slice(1).map(toKey));
}

/** The codes that link a channel, as they are at each call. */
export async function openLinkCodes(configured: Secret | null, kernel: Kernel, stack: AsyncDisposableStack) {
  if (configured !== null) return () => valuesOf(configured);
  const own = stack.use(await OwnSecret.load(kernel, "link-code", createLinkCode));
  return () => own.values;
}
