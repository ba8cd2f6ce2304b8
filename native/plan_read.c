/* Whole plans: read to end of file, headers checked, every operation decoded before any is executed. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan.h"

static int decode_ops(struct plan *plan, size_t size, unsigned context, struct failure *failure);
static int read_all(int fd, uint8_t **bytes, size_t *size, struct failure *failure);

int plan_read(int fd, unsigned context, struct plan *plan, struct failure *failure) {
  uint8_t *bytes;
  size_t size;
  *plan = (struct plan){0};
  if (read_all(fd, &bytes, &size, failure) < 0) return -1;
  return plan_decode(bytes, size, context, plan, failure);
}

int plan_decode(uint8_t *bytes, size_t size, unsigned context, struct plan *plan, struct failure *failure) {
  *plan = (struct plan){.bytes = bytes};
  int result = decode_ops(plan, size, context, failure);
  if (result < 0) plan_release(plan);
  return result;
}

void plan_release(struct plan *plan) {
  for (uint32_t i = 0; i < plan->count; i++) plan_release_op(&plan->ops[i]);
  free(plan->ops);
  free(plan->bytes);
  *plan = (struct plan){0};
}

const char *plan_decode_header(const uint8_t *header, uint32_t *count) {
  uint16_t version, zero;
  memcpy(&version, header + 4, sizeof version);
  memcpy(&zero, header + 6, sizeof zero);
  memcpy(count, header + 8, sizeof *count);
  *count = le32toh(*count);
  if (memcmp(header, PLAN_MAGIC, 4) != 0) return "this is not a plan";
  if (le16toh(version) != PLAN_VERSION) return "this plan has another version";
  return zero ? "the header's reserved field is not zero" : NULL;
}

const char *plan_decode_op_header(const uint8_t *header, unsigned context, const struct op_definition **definition,
                                  uint32_t *length) {
  uint16_t code, zero;
  memcpy(&code, header, sizeof code);
  memcpy(&zero, header + 2, sizeof zero);
  memcpy(length, header + 4, sizeof *length);
  *length = le32toh(*length);
  *definition = op_definition(le16toh(code));
  if (!*definition) return "unknown operation";
  if (zero) return "the operation's reserved field is not zero";
  if (!((*definition)->contexts & context)) return "this operation is not allowed here";
  return *length > PLAN_MAXIMUM_BYTES ? "the operation is too long" : NULL;
}

const struct op_definition *op_definition(unsigned code) {
  for (size_t i = 0; i < op_definition_count; i++) {
    if (op_definitions[i].code == code) return &op_definitions[i];
  }
  return NULL;
}

const char *op_name(enum op_code code) {
  const struct op_definition *definition = op_definition(code);
  return definition ? definition->name : "unknown";
}

static const char *decode_next(struct plan *plan, size_t size, size_t *offset, unsigned context);

static int decode_ops(struct plan *plan, size_t size, unsigned context, struct failure *failure) {
  uint32_t count;
  if (size < PLAN_HEADER_BYTES) return fail_malformed(failure, 0, "the plan ends within its header");
  const char *error = plan_decode_header(plan->bytes, &count);
  if (error) return fail_malformed(failure, 0, error);
  size_t offset = PLAN_HEADER_BYTES;
  if ((size - offset) / PLAN_OP_HEADER_BYTES < count) {
    return fail_malformed(failure, 0, "the plan is shorter than its number of operations");
  }
  plan->ops = calloc((size_t)count + 1, sizeof *plan->ops);
  if (!plan->ops) return fail_malformed(failure, 0, "out of memory");
  while (plan->count < count) {
    error = decode_next(plan, size, &offset, context);
    if (error) return fail_malformed(failure, plan->count, error);
    plan->count++;
  }
  return offset == size ? 0 : fail_malformed(failure, count, "bytes follow the last operation");
}

static const char *decode_next(struct plan *plan, size_t size, size_t *offset, unsigned context) {
  const struct op_definition *definition;
  uint32_t length;
  if (size - *offset < PLAN_OP_HEADER_BYTES) return "the plan ends within an operation's header";
  const char *error = plan_decode_op_header(plan->bytes + *offset, context, &definition, &length);
  if (error) return error;
  *offset += PLAN_OP_HEADER_BYTES;
  if (size - *offset < length) return "the plan ends within an operation";
  error = plan_decode_op(definition, plan->bytes + *offset, length, &plan->ops[plan->count]);
  *offset += length;
  return error;
}

static int read_all(int fd, uint8_t **bytes, size_t *size, struct failure *failure) {
  size_t capacity = 64 * 1024;
  *bytes = NULL;
  *size = 0;
  for (;;) {
    uint8_t *larger = realloc(*bytes, capacity);
    if (!larger) break;
    *bytes = larger;
    ssize_t received;
    do received = read(fd, *bytes + *size, capacity - *size);
    while (received < 0 && errno == EINTR);
    if (received == 0) return 0;
    if (received < 0) break;
    *size += (size_t)received;
    if (*size > PLAN_MAXIMUM_BYTES) {
      free(*bytes);
      return fail_malformed(failure, 0, "the plan is too long");
    }
    if (*size == capacity) capacity *= 2;
  }
  free(*bytes);
  failure->op = "plan";
  return fail(failure, errno, "-", "reading the plan");
}
