import type { SendFeedback } from "../../contracts.ts";
import { isAnybodyComing } from "../../domain/incident/feedback.ts";
import { DeliveryError } from "../../errors.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { reportToIncident, type Senders, soonGivenUp } from "../kernel/outbox/sender.ts";

/** A sign to the presser that comes a minute late says nothing any more. */
const maxAttempts = 3;
const feedbackWithinMs = 60_000;

/** Tells a presser through their device. `feedback`: by source, for those whose devices can be told something. */
export function createFeedbackSender(
  { store, clock }: Kernel,
  handler: Handler,
  feedback: Readonly<Record<string, SendFeedback>>,
): Pick<Senders, "feedback"> {
  return {
    feedback: {
      /** A sign that no longer holds, or comes so late that nobody knows any more what it is about, is not given. */
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
      /** Only what it comes to in the end is told; a try that failed is not. */
      after: reportToIncident(handler, ({ outgoing: { button, what } }, { failure, isRetried }) => {
        if (isRetried) return null;
        return { kind: failure === null ? "feedback-sent" : "feedback-failed", button, what };
      }),
      retry: soonGivenUp(maxAttempts),
    },
  };
}
