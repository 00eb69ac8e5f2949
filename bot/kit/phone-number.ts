import { z } from "zod";
import { expects } from "../words/settings/expects.ts";

/**
 * A phone number that can be dialled from anywhere (E.164). Refused too is what looks like one and rings nobody: a 0
 * behind the country, where people write it at home; a Dutch number that is too short or too long; and the short ones
 * (112, 116…, 14…), which exist within the country alone.
 */
export const PhoneNumber = z
  .string()
  .regex(
    /^\+(?!(?:31|32|33|44|49)0|31(?:112|116|14))(?:31(?:\d{9}|[89]0\d{5,8}|97\d{9})|(?!31)[1-9]\d{6,14})$/,
    expects("phone"),
  );
