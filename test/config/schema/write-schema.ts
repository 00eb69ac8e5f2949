import { writeFileSync } from "node:fs";
import { toSchema } from "./schema.ts";

writeFileSync("manifests/rugdekking.schema.json", toSchema());
