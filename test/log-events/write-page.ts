import { writeFileSync } from "node:fs";
import { toPage } from "./page.ts";

writeFileSync("bot/log-events/README.md", toPage());
