import { z } from "zod";
import { expects } from "../../words/settings/expects.ts";

const Text = z.string().regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, expects("database"));

/** With its password apart, which may then stand in a file, it becomes one text. */
const Parts = z
  .strictObject({
    url: z.string().regex(/^postgres(ql)?:\/\/[^:@/]+@./, expects("database")),
    password: z.string().min(1),
  })
  .transform(({ url, password }) => url.replace("@", () => `:${encodeURIComponent(password)}@`));

/** Where everything is stored, as one text. */
export const Database = z.union([Text, Parts], { error: expects("database") });
