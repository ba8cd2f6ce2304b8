/* Device control of cgroup version 2. */
#ifndef GANTRY_DEVICE_FILTER_H
#define GANTRY_DEVICE_FILTER_H

#include "failure.h"
#include "plan.h"

int device_filter_execute(const struct op_device_filter *op, struct failure *failure);

#endif
