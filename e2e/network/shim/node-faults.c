/*
 * Gives nodes of a devnet a slow disk or a wrong clock, while they run.
 *
 * Preloaded (LD_PRELOAD) into the nodes and into git. What each node suffers stands in a file of pairs of numbers, one pair for each
 * node by its index, which the test changes: how long a sync takes in addition, and how far its clock of the day is ahead, both in
 * milliseconds. A sync is a node's by the path of what it syncs (".../data/node2/..."); a clock by the process' command line.
 *
 * Only the clock of the day is wrong. CLOCK_MONOTONIC, by which timers run, is as it is when somebody sets a machine's clock.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NODES_MAX 10
#define FOLDER "/data/node"
#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

struct fault { volatile int64_t sync_ms, clock_ms; };

static const struct fault *faults;
static int self = -1;

/* The index behind the first FOLDER in a text, or -1. */
static int node_in(const char *text) {
  const char *at = text == NULL ? NULL : strstr(text, FOLDER);
  if (at == NULL) return -1;
  char digit = at[sizeof FOLDER - 1], after = digit == 0 ? 0 : at[sizeof FOLDER];
  return digit >= '0' && digit <= '9' && (after == 0 || after == '/') ? digit - '0' : -1;
}

static int node_of_process(void) {
  char line[4096];
  int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
  if (fd >= 0) close(fd);
  line[length < 0 ? 0 : length] = 0;
  for (char *word = line; word < line + length; word += strlen(word) + 1) {
    int found = node_in(word);
    if (found >= 0) return found;
  }
  return -1;
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("GUTS_NODE_FAULTS");
  if (path == NULL) return;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) abort(); /* A fault that does not happen would be a test that cannot fail. */
  void *map = mmap(NULL, NODES_MAX * sizeof(struct fault), PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) abort();
  self = node_of_process();
  faults = map;
}

/* ---- disks ---- */

static void suffer(int fd) {
  char link[64], path[PATH_MAX];
  if (faults == NULL) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  int node = node_in(path);
  int64_t ms = node < 0 ? 0 : faults[node].sync_ms;
  if (ms <= 0) return;
  struct timespec rest = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&rest, &rest) != 0) continue;
}

int fsync(int fd) {
  REAL(fsync);
  suffer(fd);
  return real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  suffer(fd);
  return real(fd);
}

/* ---- clocks ---- */

static int64_t ahead_ms(void) { return faults == NULL || self < 0 ? 0 : faults[self].clock_ms; }

int clock_gettime(clockid_t clock, struct timespec *time) {
  REAL(clock_gettime);
  int result = real(clock, time);
  int64_t ms = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? ahead_ms() : 0;
  if (result != 0 || ms == 0) return result;
  int64_t nanoseconds = time->tv_nsec + ms % 1000 * 1000000;
  int64_t carry = nanoseconds < 0 ? -1 : nanoseconds / 1000000000;
  time->tv_sec += ms / 1000 + carry;
  time->tv_nsec = nanoseconds - carry * 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}
