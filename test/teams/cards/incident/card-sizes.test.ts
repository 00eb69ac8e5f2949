import { expect, it } from "vitest";
import { measureCardSizes } from "./card-sizes.ts";

/** https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
const maxBytes = 28 * 1_024;

it.each(measureCardSizes())(
  "$language, $state: with the longest place and twenty people Teams takes it",
  ({ bytes }) => {
    expect(bytes).toBeLessThanOrEqual(maxBytes);
  },
);
