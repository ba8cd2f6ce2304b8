/* Reading plans: header, operations, their fields (docs/launch-plan.md). */
#ifndef GANTRY_PLAN_H
#define GANTRY_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "failure.h"
#include "plan_ops.h"

#define PLAN_MAXIMUM_BYTES (16U * 1024 * 1024)
#define PLAN_MAXIMUM_LIST 65536U
/* Number of operations in the header of a stream that ends at end of file. */
#define PLAN_STREAM_COUNT UINT32_MAX
#define PLAN_HEADER_BYTES 12U
#define PLAN_OP_HEADER_BYTES 8U

enum op_field_type {
  FIELD_U32,
  FIELD_I32,
  FIELD_U64,
  FIELD_I64,
  FIELD_STR,
  FIELD_STRS,
  FIELD_U32S,
  FIELD_BYTES,
};

struct op_field {
  enum op_field_type type;
  size_t offset;
};

struct op_definition {
  const char *name;
  enum op_code code;
  unsigned contexts;
  size_t field_count;
  const struct op_field *fields;
};

/* Generated: every operation there is. */
extern const struct op_definition op_definitions[];
extern const size_t op_definition_count;

/* The operation of that code, or NULL. */
const struct op_definition *op_definition(unsigned code);

/* The operation's name as in the schema, for messages. */
const char *op_name(enum op_code code);

/* Checks the 12 bytes of a plan's header and gives the number of operations. Returns NULL, or what is wrong. */
const char *plan_decode_header(const uint8_t *header, uint32_t *count);

/*
 * Checks the 8 bytes before an operation's payload and gives the payload's length.
 * Returns NULL, or what is wrong: unknown code, outside its context, too long.
 */
const char *plan_decode_op_header(const uint8_t *header, unsigned context, const struct op_definition **definition,
                                  uint32_t *length);

/*
 * Decodes the length bytes at payload, which it rearranges in place: op's strings and bytes point into it.
 * Returns NULL, or what is wrong (op then holds nothing).
 */
const char *plan_decode_op(const struct op_definition *definition, uint8_t *payload, uint32_t length, struct op *op);

/* Frees the lists of an operation. */
void plan_release_op(struct op *op);

/* A whole plan, decoded; its operations point into bytes. */
struct plan {
  uint8_t *bytes;
  struct op *ops;
  uint32_t count;
};

/*
 * Reads a plan from fd to end of file and decodes all of it, refusing the whole when anything is malformed
 * or outside context. Returns 0, or -1 with failure filled in; the plan holds nothing then.
 */
int plan_read(int fd, unsigned context, struct plan *plan, struct failure *failure);

/* The same for size bytes already in memory, which plan takes over (malloc'ed) also when it fails. */
int plan_decode(uint8_t *bytes, size_t size, unsigned context, struct plan *plan, struct failure *failure);

void plan_release(struct plan *plan);

#endif
