import { isEndedBy } from "../../domain/visit/visit.ts";
import type { EndVisitBy } from "../kernel/handle.ts";
import { turnVisitIn } from "../kernel/outbox/follow-ups.ts";

/**
 * Ends the visit of who presses, in the transaction of that press: it has become that alarm, so that none of its
 * questions rings beside an aggressor, and it is no second press. What showed the visit in their chat shows the alarm.
 */
export const endVisitBy: EndVisitBy = async (tx, press, incident, at) => {
  const { holder } = press;
  if (holder === null || holder.id === null) return;
  const visit = await tx.loadVisit(holder.id);
  if (visit === null || !isEndedBy(visit, press, at)) return;
  await tx.deleteVisit(holder.id);
  await turnVisitIn(tx, visit.person, { shows: "alarm", incident }, at);
};
