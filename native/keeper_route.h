/* Where the project namespace would send a packet. */
#ifndef GANTRY_KEEPER_ROUTE_H
#define GANTRY_KEEPER_ROUTE_H

#include <stdbool.h>

#include "keeper_address.h"

/* Whether the address is this namespace's own or on one of its links, so that no answer to it would come by here. */
bool route_is_on_link(const union address *destination);

#endif
