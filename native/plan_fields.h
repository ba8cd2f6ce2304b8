/* The C types of plan fields (docs/launch-plan.md, "field types"). */
#ifndef GANTRY_PLAN_FIELDS_H
#define GANTRY_PLAN_FIELDS_H

#include <stdint.h>

/* Raw bytes, not NUL-terminated; they live in the plan's buffer. */
struct plan_bytes {
  const uint8_t *data;
  uint32_t length;
};

/* A list of strings; items[count] is NULL, so that it can serve as argv or environ. */
struct plan_strings {
  char **items;
  uint32_t count;
};

struct plan_numbers {
  uint32_t *items;
  uint32_t count;
};

#endif
