/* The strict decoder of one operation: the only code that interprets bytes of a plan. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* What is left of a payload. */
struct cursor {
  uint8_t *position;
  size_t left;
};

static const char truncated[] = "the payload ends within a field";

static const char *decode_field(struct cursor *cursor, enum op_field_type type, void *field);
static const char *take_u32(struct cursor *cursor, uint32_t *value);
static const char *take_u64(struct cursor *cursor, uint64_t *value);
static const char *take_string(struct cursor *cursor, char **string);
static const char *take_bytes(struct cursor *cursor, struct plan_bytes *bytes);
static const char *take_strings(struct cursor *cursor, struct plan_strings *strings);
static const char *take_numbers(struct cursor *cursor, struct plan_numbers *numbers);

const char *plan_decode_op(const struct op_definition *definition, uint8_t *payload, uint32_t length, struct op *op) {
  struct cursor cursor = {payload, length};
  memset(op, 0, sizeof *op);
  op->code = definition->code;
  const char *error = NULL;
  for (size_t i = 0; i < definition->field_count && !error; i++) {
    const struct op_field *field = &definition->fields[i];
    error = decode_field(&cursor, field->type, (char *)op + field->offset);
  }
  if (!error && cursor.left > 0) error = "the payload is longer than its fields";
  if (error) plan_release_op(op);
  return error;
}

static const char *decode_field(struct cursor *cursor, enum op_field_type type, void *field) {
  switch (type) {
    case FIELD_U32:
    case FIELD_I32:
      return take_u32(cursor, field);
    case FIELD_U64:
    case FIELD_I64:
      return take_u64(cursor, field);
    case FIELD_STR:
      return take_string(cursor, field);
    case FIELD_STRS:
      return take_strings(cursor, field);
    case FIELD_U32S:
      return take_numbers(cursor, field);
    case FIELD_BYTES:
      return take_bytes(cursor, field);
  }
  return "unknown field type";
}

/* Fields are not aligned in the stream, hence memcpy. */
static const char *take_u32(struct cursor *cursor, uint32_t *value) {
  if (cursor->left < sizeof *value) return truncated;
  memcpy(value, cursor->position, sizeof *value);
  *value = le32toh(*value);
  cursor->position += sizeof *value;
  cursor->left -= sizeof *value;
  return NULL;
}

static const char *take_u64(struct cursor *cursor, uint64_t *value) {
  if (cursor->left < sizeof *value) return truncated;
  memcpy(value, cursor->position, sizeof *value);
  *value = le64toh(*value);
  cursor->position += sizeof *value;
  cursor->left -= sizeof *value;
  return NULL;
}

/* Moves the text over its own length prefix: that frees a byte for the terminator without copying elsewhere. */
static const char *take_string(struct cursor *cursor, char **string) {
  struct plan_bytes bytes;
  const char *error = take_bytes(cursor, &bytes);
  if (error) return error;
  if (bytes.length > 0 && memchr(bytes.data, 0, bytes.length)) return "a string holds a NUL byte";
  *string = (char *)cursor->position - bytes.length - sizeof bytes.length;
  memmove(*string, bytes.data, bytes.length);
  (*string)[bytes.length] = 0;
  return NULL;
}

static const char *take_bytes(struct cursor *cursor, struct plan_bytes *bytes) {
  const char *error = take_u32(cursor, &bytes->length);
  if (error) return error;
  if (cursor->left < bytes->length) return truncated;
  bytes->data = cursor->position;
  cursor->position += bytes->length;
  cursor->left -= bytes->length;
  return NULL;
}

/* Every item takes at least 4 bytes, so that a huge count is refused before memory is asked for. */
static const char *take_count(struct cursor *cursor, uint32_t *count) {
  const char *error = take_u32(cursor, count);
  if (error) return error;
  if (*count > PLAN_MAXIMUM_LIST) return "a list has too many items";
  return cursor->left / sizeof(uint32_t) < *count ? truncated : NULL;
}

static const char *take_strings(struct cursor *cursor, struct plan_strings *strings) {
  uint32_t count;
  const char *error = take_count(cursor, &count);
  if (error) return error;
  strings->items = calloc((size_t)count + 1, sizeof *strings->items);
  if (!strings->items) return "out of memory";
  strings->count = count;
  for (uint32_t i = 0; i < count && !error; i++) error = take_string(cursor, &strings->items[i]);
  return error;
}

static const char *take_numbers(struct cursor *cursor, struct plan_numbers *numbers) {
  uint32_t count;
  const char *error = take_count(cursor, &count);
  if (error) return error;
  numbers->items = calloc((size_t)count + 1, sizeof *numbers->items);
  if (!numbers->items) return "out of memory";
  numbers->count = count;
  for (uint32_t i = 0; i < count && !error; i++) error = take_u32(cursor, &numbers->items[i]);
  return error;
}

void plan_release_op(struct op *op) {
  const struct op_definition *definition = op_definition(op->code);
  for (size_t i = 0; definition && i < definition->field_count; i++) {
    void *field = (char *)op + definition->fields[i].offset;
    if (definition->fields[i].type == FIELD_STRS) free(((struct plan_strings *)field)->items);
    if (definition->fields[i].type == FIELD_U32S) free(((struct plan_numbers *)field)->items);
  }
  memset(op, 0, sizeof *op);
}
