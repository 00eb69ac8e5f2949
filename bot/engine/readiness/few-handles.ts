import { enoughHandles, type StrangerLimits, usualLimits } from "../../kit/strangers.ts";
import type { Log } from "../../log.ts";

/** Warns where this process may have so few files and connections open that less than usual is left for strangers. */
export function noteFewHandles({ connections: { together } }: StrangerLimits, log: Log): void {
  if (together >= usualLimits.connections.together) return;
  const left = `few files and connections may be open at a time, which leaves ${together} for whoever calls`;
  const warning = `${left}: allow ${enoughHandles} (ulimit -n; LimitNOFILE of systemd)`;
  log.warn({ warning }, "configuration-warning");
}
