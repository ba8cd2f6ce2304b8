#include "respond.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int respond(unsigned short port, const char *text) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int on = 1;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 16) < 0) return 1;
  for (;;) {
    char request[4096], head[128];
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) return 1;
    if (read(connection, request, sizeof request) > 0) {
      int length = snprintf(head, sizeof head, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n", strlen(text));
      if (write(connection, head, (size_t)length) < 0 || write(connection, text, strlen(text)) < 0) perror("write");
    }
    close(connection);
  }
}
