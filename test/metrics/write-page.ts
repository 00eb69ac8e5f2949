import { writeFileSync } from "node:fs";
import { toPage } from "./page.ts";

writeFileSync("bot/metrics/README.md", toPage());
