import { openPager } from "../../adapters/index.ts";
import type { Configuration } from "../config/configuration.ts";
import type { ReadyPager } from "../contracts.ts";
import type { Kernel } from "../engine/kernel/kernel.ts";
import { createPagerHost } from "../engine/kernel/pager-host.ts";
import type { PagerHealth } from "../engine/readiness/pager-health.ts";
import type { TroubleRoute } from "../engine/readiness/trouble-teller.ts";

/** Opens every pager of the configuration, by its name; they end with `stack`. */
export function openPagers(
  { pagers, language, publicUrl }: Configuration,
  kernel: Kernel,
  pagerHealth: PagerHealth,
  stack: AsyncDisposableStack,
): Readonly<Record<string, ReadyPager>> {
  const report: PagerHealth["report"] = (...args) => pagerHealth.report(...args);
  const opened: Record<string, ReadyPager> = {};
  for (const [name, { type, options }] of Object.entries(pagers)) {
    const host = createPagerHost(name, { ...kernel, language, publicUrl, report });
    opened[name] = stack.use(openPager(type, options, host));
  }
  return opened;
}

/** Parts the ways to external security from the one by which troubles are told, which guards never see. */
export function toRoutes(pagers: Readonly<Record<string, ReadyPager>>, teller: string | null) {
  const routes = Object.fromEntries(Object.entries(pagers).filter(([name]) => name !== teller));
  const { tell, timeoutMs = 0 } = pagers[teller ?? ""] ?? {};
  const troubleRoute: TroubleRoute | null = tell && teller !== null ? { pager: teller, timeoutMs, tell } : null;
  return { routes, troubleRoute };
}
