#include "keeper_udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "keeper_datagram.h"

#define IDLE_MS 60000U
#define MOST_SESSIONS 4096U
#define BUCKETS 1024U
#define DATAGRAMS_PER_TURN 64
#define LONGEST_DATAGRAM 65536U

struct udp_session {
  struct keeper_event upstream;
  struct forward *forward;
  union address client;
  /* Which of this machine's addresses the client has sent to: that is where the answer comes from. */
  struct datagram_local local;
  uint64_t last_used;
  struct udp_session *next_in_bucket;
  struct udp_session *older;
  struct udp_session *newer;
};

static struct udp_session *find(const struct forward *forward, const union address *client);
static struct udp_session *begin(struct keeper *keeper, struct forward *forward, const union address *client);
static void upstream_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events);
static void touch(struct keeper *keeper, struct udp_session *session);
static void unlink_by_age(struct keeper *keeper, struct udp_session *session);
static void end(struct keeper *keeper, struct udp_session *session);
static uint32_t bucket_of(const union address *client);

int udp_prepare(struct forward *forward) {
  datagram_ask_local(forward->listener.fd, forward->listen.family);
  forward->sessions = calloc(BUCKETS, sizeof(struct udp_session *));
  return forward->sessions ? 0 : -1;
}

void udp_receive_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  static char data[LONGEST_DATAGRAM];
  struct forward *forward = (struct forward *)(void *)event;
  (void)events;
  for (int i = 0; i < DATAGRAMS_PER_TURN; i++) {
    union address client;
    struct datagram_local local;
    ssize_t length = datagram_receive(event->fd, data, sizeof data, &client, &local);
    if (length < 0) return;
    struct udp_session *session = find(forward, &client);
    if (!session) session = begin(keeper, forward, &client);
    if (!session) continue;
    session->local = local;
    touch(keeper, session);
    /* A datagram that cannot be sent is lost, as datagrams are. */
    send(session->upstream.fd, data, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
}

uint64_t udp_expire(struct keeper *keeper, uint64_t now) {
  while (keeper->oldest_session && keeper->oldest_session->last_used + IDLE_MS <= now) {
    end(keeper, keeper->oldest_session);
  }
  return keeper->oldest_session ? keeper->oldest_session->last_used + IDLE_MS : 0;
}

void udp_end_sessions(struct keeper *keeper, struct forward *forward) {
  for (uint32_t bucket = 0; forward->sessions && bucket < BUCKETS; bucket++) {
    while (forward->sessions[bucket]) end(keeper, forward->sessions[bucket]);
  }
}

void udp_end_all(struct keeper *keeper, struct forward *forward) {
  udp_end_sessions(keeper, forward);
  free(forward->sessions);
  forward->sessions = NULL;
}

static struct udp_session *find(const struct forward *forward, const union address *client) {
  struct udp_session *session = forward->sessions[bucket_of(client)];
  while (session && memcmp(&session->client, client, sizeof *client) != 0) session = session->next_in_bucket;
  return session;
}

static struct udp_session *begin(struct keeper *keeper, struct forward *forward, const union address *client) {
  if (forward->session_count >= MOST_SESSIONS) {
    struct udp_session *oldest = keeper->oldest_session;
    while (oldest && oldest->forward != forward) oldest = oldest->newer;
    if (oldest) end(keeper, oldest);
  }
  union address plain = *client;
  address_unmap(&plain);
  int fd = forward_connect(keeper, forward, &plain);
  struct udp_session *session = fd < 0 ? NULL : calloc(1, sizeof *session);
  if (!session) {
    if (fd >= 0) close(fd);
    return NULL;
  }
  session->upstream = (struct keeper_event){.fd = fd, .handle = upstream_handle};
  session->forward = forward;
  session->client = *client;
  struct udp_session **bucket = &forward->sessions[bucket_of(client)];
  session->next_in_bucket = *bucket;
  *bucket = session;
  forward->session_count++;
  event_set(keeper, &session->upstream, EPOLLIN);
  return session;
}

/* A refusal (ICMP) shows as an error of one receive, and is gone with it. */
static void upstream_handle(struct keeper *keeper, struct keeper_event *event, uint32_t events) {
  static char data[LONGEST_DATAGRAM];
  struct udp_session *session = (struct udp_session *)(void *)event;
  (void)events;
  for (int i = 0; i < DATAGRAMS_PER_TURN; i++) {
    ssize_t length = recv(event->fd, data, sizeof data, MSG_DONTWAIT);
    if (length < 0) break;
    datagram_send(session->forward->listener.fd, data, (size_t)length, &session->client, &session->local);
  }
  touch(keeper, session);
}

static void touch(struct keeper *keeper, struct udp_session *session) {
  unlink_by_age(keeper, session);
  session->last_used = keeper_now();
  session->older = keeper->newest_session;
  session->newer = NULL;
  if (session->older) session->older->newer = session;
  else keeper->oldest_session = session;
  keeper->newest_session = session;
}

/* Good for a session that is not in the list yet. */
static void unlink_by_age(struct keeper *keeper, struct udp_session *session) {
  if (session->older) session->older->newer = session->newer;
  else if (keeper->oldest_session == session) keeper->oldest_session = session->newer;
  if (session->newer) session->newer->older = session->older;
  else if (keeper->newest_session == session) keeper->newest_session = session->older;
  session->older = session->newer = NULL;
}

static void end(struct keeper *keeper, struct udp_session *session) {
  struct udp_session **place = &session->forward->sessions[bucket_of(&session->client)];
  while (*place != session) place = &(*place)->next_in_bucket;
  *place = session->next_in_bucket;
  session->forward->session_count--;
  unlink_by_age(keeper, session);
  event_close(keeper, &session->upstream);
  free_later(keeper, session);
}

/* FNV-1a over the whole address, which is zeroed where its family does not use it. */
static uint32_t bucket_of(const union address *client) {
  const uint8_t *bytes = (const uint8_t *)client;
  uint32_t hash = 2166136261U;
  for (size_t i = 0; i < sizeof *client; i++) hash = (hash ^ bytes[i]) * 16777619U;
  return hash % BUCKETS;
}
