import { openPager } from "../../adapters/index.ts";
import { toNamed } from "../config/named.ts";
import type { ReadyPager } from "../contracts.ts";
import type { Kernel } from "../engine/kernel/kernel.ts";
import { createPagerHost } from "../engine/kernel/pager-host.ts";
import type { PagerHealth } from "../engine/readiness/pager-health.ts";
import type { TroubleRoute } from "../engine/readiness/trouble-teller.ts";
import { follow } from "../kit/follow.ts";
import type { OpenPager, Setup } from "./setup.ts";

/** Makes what opens a pager of a configuration; those that it has opened end with `stack`. */
export function createPagerOpener(kernel: Kernel, pagerHealth: PagerHealth, stack: AsyncDisposableStack): OpenPager {
  const report: PagerHealth["report"] = (...args) => pagerHealth.report(...args);
  return (name, { pagers, language, publicUrl }) => {
    const { type, options } = pagers[name] ?? { type: "" };
    return stack.use(openPager(type, options, createPagerHost(name, { ...kernel, language, publicUrl, report })));
  };
}

/** Parts the ways to external security from the one by which troubles are told, which guards never see. */
export function toRoutes(now: () => Setup) {
  const { configuration, pagers } = now();
  const teller = configuration.troubles.tell;
  const { tell, timeoutMs = 0 } = pagers[teller ?? ""] ?? {};
  const troubleRoute: TroubleRoute | null =
    tell === undefined || teller === null
      ? null
      : { pager: teller, timeoutMs, tell: (...args) => (now().pagers[teller]?.tell ?? tell)(...args) };
  return { routes: follow(() => withoutTeller(now())), troubleRoute };
}

function withoutTeller({ configuration, pagers }: Setup): Readonly<Record<string, ReadyPager>> {
  return toNamed(Object.entries(pagers).filter(([name]) => name !== configuration.troubles.tell));
}
