import { Option } from "commander";

/** Names the configuration that a command reads. */
export const configOption = new Option("--config <file>", "the configuration")
  .default("rugdekking.yaml")
  .env("RUGDEKKING_CONFIG");
