/* Sends every datagram back to where it came from. udp-echo PORT. busybox has no such program. */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
  if (bind(socket_fd, (struct sockaddr *)&here, sizeof here) < 0) return 1;
  for (;;) {
    char data[2048];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(socket_fd, data, sizeof data, 0, (struct sockaddr *)&from, &size);
    if (length >= 0) sendto(socket_fd, data, (size_t)length, 0, (struct sockaddr *)&from, size);
  }
}
