/* Answers every request on a port with the same text; returns only when it cannot. */
int respond(unsigned short port, const char *text);
