/* Launches a plan many times, one after the other: HELPER PLAN COUNT. Prints the median and the CPU time of one. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

static int launch(const char *helper, const char *plan_path) {
  int status;
  int plan = open(plan_path, O_RDONLY), output = open("/dev/null", O_WRONLY);
  pid_t pid = vfork();
  if (pid == 0) {
    dup2(plan, 3);
    dup2(output, 4);
    execl(helper, helper, "launch", (char *)NULL);
    _exit(1);
  }
  waitpid(pid, &status, 0);
  close(plan);
  close(output);
  return status;
}

int main(int argc, char **argv) {
  int count = argc == 4 ? atoi(argv[3]) : 0;
  double *times = calloc((size_t)count + 1, sizeof *times);
  for (int i = 0; i < count; i++) {
    double begin = milliseconds();
    if (launch(argv[1], argv[2]) != 0) return 1;
    times[i] = milliseconds() - begin;
  }
  qsort(times, (size_t)count, sizeof *times, compare);
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
  printf("median %.2f ms, best tenth %.2f ms, CPU %.2f ms\n", times[count / 2], times[count / 10], cpu / count);
  return 0;
}
