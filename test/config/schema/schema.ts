import { z } from "zod";
import { kinds } from "../../../bot/app.ts";
import * as format from "../../../bot/config/document/file-format.ts";
import { PolicyEntry } from "../../../bot/config/document/policy-format.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a value may be instead of what is asked: a variable of the environment, or a file, stands in for any text. */
const elsewhere = { type: "string", pattern: "^file:/|\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" };

/** The JSON Schema of a configuration file, by which an editor completes and checks it. */
export function toSchema(): string {
  const { values, ...sections } = {
    values: toJson(format.Settings).properties,
    teams: toJson(format.TeamsEntry),
    channels: toNamed(toJson(format.ChannelEntry)),
    people: toJson(format.People),
    sources: toNamed({ anyOf: toKinds(format.SourceEntry, kinds.sources) }),
    buttons: toJson(format.Buttons),
    locations: toNamed(toJson(format.LocationEntry)),
    policies: toNamed(toJson(PolicyEntry)),
    pagers: toNamed({ anyOf: toKinds(format.PagerEntry, kinds.pagers) }),
    troubles: toJson(format.TroublesEntry),
    contact: toJson(format.ContactEntry),
  };
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "rugdekking.yaml",
    type: "object",
    properties: { ...(isObject(values) ? values : {}), ...sections },
    required: ["organisation", "channels", "sources", "policies", "pagers"],
    additionalProperties: false,
  };
  return `${JSON.stringify(withElsewhere(schema), null, 2)}\n`;
}

/** Each kind with what all of them have, told apart by `type`. */
function toKinds(all: z.ZodType, list: Readonly<Record<string, { readonly Options: z.ZodType }>>): readonly Json[] {
  const shared = toJson(all);
  return Object.entries(list).map(([type, { Options }]) => {
    const own = toJson(Options);
    const properties = { ...toProperties(own), ...toProperties(shared), type: { const: type } };
    const required = [...toNames(shared.required), ...toNames(own.required)];
    return { type: "object", properties, required, additionalProperties: false };
  });
}

function toNamed(entry: Json): Json {
  return { type: "object", minProperties: 1, additionalProperties: entry };
}

function toJson(schema: z.ZodType): Json {
  const { $schema: _, default: __, ...json } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return json;
}

function toProperties({ properties }: Json): Json {
  return isObject(properties) ? properties : {};
}

function toNames(names: unknown): readonly unknown[] {
  return Array.isArray(names) ? names : [];
}

/**
 * The schema with what stands elsewhere wherever a text of a certain form is asked for, or a port. A form that has a
 * pattern goes by that, because Entra's ids are not all of the form `uuid`.
 */
function withElsewhere(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withElsewhere);
  if (!isObject(node)) return node;
  const kept = Object.entries(node).filter(([key]) => key !== "format" || !("pattern" in node));
  const inner = Object.fromEntries(kept.map(([key, value]) => [key, withElsewhere(value)]));
  const isForm = node.type === "string" && ["pattern", "format", "minLength", "enum"].some((key) => key in node);
  const isPort = node.type === "integer" && node.maximum === 65_535;
  return isForm || isPort ? { anyOf: [inner, elsewhere] } : inner;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
