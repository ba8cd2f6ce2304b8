/* The end of a monitor. */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor.h"
#include "records.h"

/* Processes outside the pid namespace may hold a pipe and write for ever: more than a pipe holds is theirs. */
#define REST_LIMIT (1024U * 1024)
/* How long readers that may lose output are waited for. */
#define FAREWELL_MS 1000U

static void read_rest(struct monitor *monitor);
static void collect(struct monitor *monitor, struct exit_record *record);
static void say_farewell(struct monitor *monitor, const struct exit_record *record);
static void wait_for_readers(struct monitor *monitor);

/*
 * First what the program has said, then the record, then the clients: whoever is told of the exit finds all of it on
 * disk. A reader that is slow now keeps nobody waiting for the record, since the rest is at most what a pipe holds.
 */
void monitor_end(struct monitor *monitor) {
  struct exit_record record;
  collect(monitor, &record);
  read_rest(monitor);
  /* Before the record, since whoever reads that may start the container again. */
  if (monitor->runtime) runtime_delete(monitor->runtime);
  write_exit_record(monitor->op->exit_path, &record);
  unlink(monitor->op->socket_path);
  say_farewell(monitor, &record);
  wait_for_readers(monitor);
}

static void collect(struct monitor *monitor, struct exit_record *record) {
  int status = 0;
  while (waitpid(monitor->program.pid, &status, __WALL) < 0 && errno == EINTR) continue;
  int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  *record = (struct exit_record){
      .code = signal ? 128 + signal : WEXITSTATUS(status),
      .signal = signal,
      .oom = oom_counter_read(monitor->oom_counter, monitor->op->oom_key) > monitor->oom_before,
      .started = monitor->started,
      .finished = unix_time(),
  };
}

static void read_rest(struct monitor *monitor) {
  for (int i = 0; i < 2; i++) {
    struct output *output = &monitor->outputs[i];
    for (size_t rest = 0, length = 1; length > 0 && rest < REST_LIMIT; rest += length) {
      length = output_pass(monitor, output);
    }
    log_finish(&monitor->log, &output->log_stream);
    watch_close(monitor, &output->watch);
  }
}

/* Those that have connected and were not accepted yet are told too. */
static void say_farewell(struct monitor *monitor, const struct exit_record *record) {
  const struct client *before;
  do {
    before = monitor->clients;
    listener_handle(monitor, &monitor->listener, EPOLLIN);
  } while (monitor->clients != before);
  watch_close(monitor, &monitor->listener);
  uint32_t numbers[3] = {htole32((uint32_t)record->code), htole32((uint32_t)record->signal), htole32(record->oom)};
  uint8_t frame[FRAME_HEADER + sizeof numbers];
  memcpy(frame + FRAME_HEADER, numbers, sizeof numbers);
  for (struct client *client = monitor->clients; client; client = client->next) {
    if (!client->gone) client_send(client, 'X', frame, sizeof numbers);
  }
}

static bool close_served_clients(struct monitor *monitor, bool late);

/* A lossless reader may take its time, since it asked for everything and its connection shows that it lives. */
static void wait_for_readers(struct monitor *monitor) {
  uint64_t deadline = monotonic_ms() + FAREWELL_MS;
  while (close_served_clients(monitor, monotonic_ms() >= deadline)) monitor_turn(monitor, FAREWELL_MS);
}

/*
 * Returns whether any client is left. A client that has been told everything sees the end of the stream, and gets time
 * to close its side: if ours closed first, what it just sent would come back as a broken pipe, and a client that takes
 * that for the end would never read the rest.
 */
static bool close_served_clients(struct monitor *monitor, bool late) {
  bool left = false;
  for (struct client *client = monitor->clients; client; client = client->next) {
    if (client->gone) continue;
    bool served = client->queue.length == 0;
    if (served) shutdown(client->watch.fd, SHUT_WR);
    if (late && (served || !client->lossless)) client_drop(monitor, client);
    else left = true;
  }
  return left;
}
