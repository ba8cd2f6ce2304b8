#include "respond.h"

int main(void) { return respond(8080, "Hello from C\n"); }
