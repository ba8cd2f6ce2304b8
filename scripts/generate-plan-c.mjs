// The C half of generate-plan.mjs: one struct per operation, a union of them, and the tables that
// native/plan_decode.c reads payloads by. The tables are data only: everything that can go wrong with
// bytes from outside is in that one hand-written file.

const cTypes = {
  u32: "uint32_t",
  i32: "int32_t",
  u64: "uint64_t",
  i64: "int64_t",
  str: "const char *",
  strs: "struct plan_strings",
  u32s: "struct plan_numbers",
  bytes: "struct plan_bytes",
};

const upper = (name) => name.toUpperCase().replaceAll("-", "_");
const contextsOf = (schema) => [...new Set(schema.ops.flatMap((op) => op.contexts))];

/** native/plan_ops.h */
export function renderPlanHeader(schema, header) {
  return [
    `/* ${header} */`,
    "#ifndef GANTRY_PLAN_OPS_H",
    "#define GANTRY_PLAN_OPS_H",
    "",
    '#include "plan_fields.h"',
    "",
    `#define PLAN_VERSION ${schema.version}`,
    `#define PLAN_MAGIC "${schema.magic}"`,
    "",
    "enum plan_context {",
    ...contextsOf(schema).map((context, index) => `  PLAN_CONTEXT_${upper(context)} = ${1 << index},`),
    "};",
    "",
    "enum op_code {",
    ...schema.ops.map((op) => `  OP_${upper(op.name)} = ${op.code},`),
    "};",
    "",
    ...schema.ops.filter((op) => op.fields.length > 0).flatMap(renderStruct),
    "struct op {",
    "  enum op_code code;",
    "  union {",
    ...schema.ops.filter((op) => op.fields.length > 0).map((op) => `    struct op_${op.name} ${op.name};`),
    "  };",
    "};",
    "",
    "#endif",
    "",
  ].join("\n");
}

/** native/plan_ops.c */
export function renderPlanSource(schema, header) {
  return [
    `/* ${header} */`,
    '#include "plan.h"',
    "",
    "#include <stddef.h>",
    "",
    ...schema.ops.filter((op) => op.fields.length > 0).flatMap(renderFields),
    "const struct op_definition op_definitions[] = {",
    ...schema.ops.map(renderDefinition),
    "};",
    "",
    "const size_t op_definition_count = sizeof op_definitions / sizeof *op_definitions;",
    "",
  ].join("\n");
}

function renderStruct(op) {
  const members = op.fields.map(
    ([field, type]) => `${cTypes[type]}${type === "str" ? "" : " "}${cFieldName(field)};`,
  );
  return [`struct op_${op.name} {`, ...wrap(members, " "), "};", ""];
}

function renderFields(op) {
  const fields = op.fields.map(
    ([field, type]) => `{FIELD_${upper(type)}, offsetof(struct op, ${op.name}.${cFieldName(field)})},`,
  );
  return [`static const struct op_field ${op.name}_fields[] = {`, ...wrap(fields, " "), "};", ""];
}

// As many items on a line as fit: the files are read by people who look for a field now and then.
function wrap(items, separator) {
  const lines = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length < 118)
      lines[lines.length - 1] = `${last}${separator}${item}`;
    else lines.push(`    ${item}`);
  }
  return lines;
}

function renderDefinition(op) {
  const contexts = op.contexts.map((context) => `PLAN_CONTEXT_${upper(context)}`).join(" | ");
  const fields = op.fields.length === 0 ? "NULL" : `${op.name}_fields`;
  return `    {"${op.name}", OP_${upper(op.name)}, ${contexts}, ${op.fields.length}, ${fields}},`;
}

// stdin is a macro of stdio.h, and major and minor are macros of sys/sysmacros.h.
function cFieldName(field) {
  return { stdin: "stdin_mode", major: "device_major", minor: "device_minor" }[field] ?? field;
}
