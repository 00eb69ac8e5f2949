import { writeFileSync } from "node:fs";
import { toAuditSchema, toPage } from "./page.ts";

writeFileSync("bot/log-events/README.md", toPage());
writeFileSync("bot/log-events/audit.schema.json", toAuditSchema());
