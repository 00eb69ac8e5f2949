import type { SendFeedback } from "../../contracts.ts";
import { isAnybodyComing } from "../../domain/incident/feedback.ts";
import { DeliveryError } from "../../errors.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { reportToIncident, type Senders, soonGivenUp } from "../kernel/outbox/sender.ts";

/** Feedback that comes a minute late means nothing to the presser any more. */
const maxAttempts = 3;
const feedbackWithinMs = 60_000;

/**
 * Makes the sender that notifies a presser through their device. `feedback`: by source, for those whose devices have a
 * down-link.
 */
export function createFeedbackSender(
  { store, clock }: Kernel,
  handler: Handler,
  feedback: Readonly<Record<string, SendFeedback>>,
): Pick<Senders, "feedback"> {
  return {
    feedback: {
      /** Drops feedback that no longer holds, or is so late that the presser would not know what it is about. */
      async before({ incident: id, outgoing: { button, what, at } }) {
        const incident = await store.read((reader) => reader.loadIncident(id));
        if (incident === null || incident.closedAt !== null) return "drop";
        if (what === "coming" && !isAnybodyComing(incident)) return "drop";
        if (clock.now() - at <= feedbackWithinMs) return "send";
        await handler.handle(incident.id, { kind: "feedback-failed", button, what });
        return "drop";
      },
      async send({ outgoing: { source, button, what } }, signal) {
        const notify = feedback[source];
        if (notify === undefined) throw new DeliveryError("misconfigured", "this source has no down-link any more");
        await notify(button, what, signal);
        return { kind: "done" };
      },
      /** Records only the final result, and no try that will be repeated. */
      after: reportToIncident(handler, ({ outgoing: { button, what } }, { failure, isRetried }) => {
        if (isRetried) return null;
        return { kind: failure === null ? "feedback-sent" : "feedback-failed", button, what };
      }),
      retry: soonGivenUp(maxAttempts),
    },
  };
}
