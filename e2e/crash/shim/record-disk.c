/*
 * Records what a process does to files below one directory, for the model of a disk in ../disk.ts.
 *
 * Preloaded (LD_PRELOAD) into the node and into git. Every call is passed on; what it changed is then appended to a log as one
 * record, by one write to a file opened with O_APPEND, so that records of several processes stay whole and in the order in which
 * the changes became visible to who acts on them. A sync is two records: changes that were logged before its first one are
 * durable once the second one is there.
 *
 * GUTS_DISK_ROOT     only paths that begin with this are recorded
 * GUTS_DISK_LOG      the log
 * GUTS_DISK_SKIP     paths that contain this are not recorded
 * GUTS_DISK_SWALLOW  a mutation for tests of the tests: syncs of paths that contain this succeed without being done
 *
 * Not interposed, and reported as record 'M' so that a test can insist on their absence: writable shared mappings (except
 * SQLite's -shm, which is no durable data) and O_SYNC. Stdio writes its buffers inside of libc, where no preloaded library is
 * asked: so fflush and fclose record the file's whole content.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FD_MAX 4096
#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

struct record {
  uint8_t type;
  uint8_t zero[7];
  uint64_t first;
  uint64_t second;
  uint32_t first_length;
  uint32_t second_length;
} __attribute__((packed));

static const char *root, *skip, *swallow;
static size_t root_length;
static int log_descriptor = -1;
static uint64_t sync_count;
/* What is known of a descriptor: 0 nothing, 1 not ours, 2 ours. */
static struct { dev_t device; ino_t inode; int state; } known[FD_MAX];

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("GUTS_DISK_LOG");
  root = getenv("GUTS_DISK_ROOT");
  skip = getenv("GUTS_DISK_SKIP");
  swallow = getenv("GUTS_DISK_SWALLOW");
  if (log == NULL || root == NULL) return;
  root_length = strlen(root);
  int low = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (low < 0) abort();
  log_descriptor = (int)syscall(SYS_fcntl, low, F_DUPFD_CLOEXEC, 700);
  syscall(SYS_close, low);
  if (log_descriptor < 0) abort();
}

static void put(char type, uint64_t first, uint64_t second, const void *a, size_t a_length, const void *b, size_t b_length) {
  int saved = errno;
  struct record head = {(uint8_t)type, {0}, first, second, (uint32_t)a_length, (uint32_t)b_length};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)a, a_length}, {(void *)b, b_length}};
  ssize_t length = (ssize_t)(sizeof head + a_length + b_length);
  if (syscall(SYS_writev, log_descriptor, parts, 3) != length) abort(); /* A log with a hole would lie. */
  errno = saved;
}

static int is_shm(const char *path) {
  size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, "-shm") == 0;
}

static int is_ours(const char *path) {
  if (log_descriptor < 0 || strncmp(path, root, root_length) != 0 || is_shm(path)) return 0;
  return skip == NULL || strstr(path, skip) == NULL;
}

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return -1;
  path[length] = 0;
  return 0;
}

/* The absolute form of a path; answers whether it is below the root. */
static int resolve(int at, const char *path, char *absolute) {
  if (log_descriptor < 0 || path == NULL) return 0;
  if (path[0] == '/') {
    snprintf(absolute, PATH_MAX, "%s", path);
  } else {
    char base[PATH_MAX];
    if (at == AT_FDCWD ? getcwd(base, sizeof base) == NULL : path_of(at, base) != 0) return 0;
    if (snprintf(absolute, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
  }
  return is_ours(absolute);
}

static void forget(int fd) {
  if (fd >= 0 && fd < FD_MAX) known[fd].state = 0;
}

/* The inode of a descriptor whose file is ours, else 0. */
static uint64_t inode_of(int fd) {
  if (log_descriptor < 0 || fd < 0 || fd >= FD_MAX) return 0;
  int saved = errno;
  struct stat status;
  uint64_t found = 0;
  if (fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) {
    if (known[fd].state == 0 || known[fd].inode != status.st_ino || known[fd].device != status.st_dev) {
      char path[PATH_MAX];
      known[fd].device = status.st_dev;
      known[fd].inode = status.st_ino;
      known[fd].state = path_of(fd, path) == 0 && is_ours(path) ? 2 : 1;
    }
    if (known[fd].state == 2) found = status.st_ino;
  }
  errno = saved;
  return found;
}

static void put_path(char type, const char *path) {
  struct stat status;
  int saved = errno;
  uint64_t inode = lstat(path, &status) == 0 ? status.st_ino : 0;
  put(type, inode, 0, path, strlen(path), NULL, 0);
  errno = saved;
}

static void put_write(uint64_t inode, uint64_t offset, const void *bytes, size_t length) {
  const unsigned char *at = bytes;
  int is_zero = length >= 4096 && at[0] == 0 && memcmp(at, at + 1, length - 1) == 0;
  if (is_zero) put('Z', inode, offset, &length, 8, NULL, 0);
  else put('W', inode, offset, bytes, length, NULL, 0);
}

/* ---- opening ---- */

static int opened(int fd, const char *path, int flags, int is_ours_path, int was_there) {
  if (fd < 0) return fd;
  forget(fd);
  if (!is_ours_path) return fd;
  int accessed = flags & O_ACCMODE;
  if ((flags & O_CREAT) != 0 && !was_there) put_path('C', path);
  if ((flags & O_TRUNC) != 0 && accessed != O_RDONLY && was_there) put('T', inode_of(fd), 0, NULL, 0, NULL, 0);
  if ((flags & (O_SYNC | O_DSYNC)) != 0) put('M', 0, 0, "O_SYNC", 6, NULL, 0);
  return fd;
}

static int exists(const char *path) {
  struct stat status;
  int saved = errno;
  int found = lstat(path, &status) == 0;
  errno = saved;
  return found;
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = (mode_t)va_arg(rest, int); \
    va_end(rest); \
  }

#define OPEN_AT(name) \
  int name(int at, const char *path, int flags, ...) { \
    REAL(name); \
    MODE_OF(flags) \
    char absolute[PATH_MAX]; \
    int ours = resolve(at, path, absolute); \
    int was_there = ours && exists(absolute); \
    return opened(real(at, path, flags, mode), absolute, flags, ours, was_there); \
  }
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    MODE_OF(flags) \
    char absolute[PATH_MAX]; \
    int ours = resolve(AT_FDCWD, path, absolute); \
    int was_there = ours && exists(absolute); \
    return opened(real(path, flags, mode), absolute, flags, ours, was_there); \
  }
OPEN_AT(openat)
OPEN_AT(openat64)
OPEN(open)
OPEN(open64)

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

#define OPEN_FORTIFIED(name, plain) \
  int name(const char *path, int flags) { return plain(path, flags); }
OPEN_FORTIFIED(__open_2, open)
OPEN_FORTIFIED(__open64_2, open64)

#define FOPEN(name) \
  FILE *name(const char *path, const char *mode) { \
    REAL(name); \
    char absolute[PATH_MAX]; \
    int ours = resolve(AT_FDCWD, path, absolute) && mode[0] != 'r'; \
    int was_there = ours && exists(absolute); \
    FILE *file = real(path, mode); \
    int flags = O_CREAT | O_WRONLY | (mode[0] == 'w' ? O_TRUNC : 0); \
    if (file != NULL) opened(fileno(file), absolute, ours ? flags : O_RDONLY, ours, was_there); \
    return file; \
  }
FOPEN(fopen)
FOPEN(fopen64)

int close(int fd) {
  REAL(close);
  if (fd == log_descriptor && fd >= 0) return 0;
  forget(fd);
  return real(fd);
}

/* ---- writing ---- */

static ssize_t written_at_end(int fd, const void *bytes, ssize_t length) {
  uint64_t inode = length > 0 ? inode_of(fd) : 0;
  if (inode != 0) {
    int saved = errno;
    off_t behind = lseek(fd, 0, SEEK_CUR);
    put_write(inode, (uint64_t)(behind - length), bytes, (size_t)length);
    errno = saved;
  }
  return length;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  return written_at_end(fd, bytes, real(fd, bytes, length));
}

#define PWRITE(name, offset_type) \
  ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) { \
    REAL(name); \
    ssize_t done = real(fd, bytes, length, offset); \
    uint64_t inode = done > 0 ? inode_of(fd) : 0; \
    if (inode != 0) put_write(inode, (uint64_t)offset, bytes, (size_t)done); \
    return done; \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

static void put_parts(uint64_t inode, uint64_t offset, const struct iovec *parts, ssize_t left) {
  for (int index = 0; left > 0; index++) {
    size_t length = parts[index].iov_len < (size_t)left ? parts[index].iov_len : (size_t)left;
    if (length > 0) put_write(inode, offset, parts[index].iov_base, length);
    offset += length;
    left -= (ssize_t)length;
  }
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  ssize_t done = real(fd, parts, count);
  uint64_t inode = done > 0 ? inode_of(fd) : 0;
  if (inode != 0) put_parts(inode, (uint64_t)(lseek(fd, 0, SEEK_CUR) - done), parts, done);
  return done;
}

#define PWRITEV(name, offset_type) \
  ssize_t name(int fd, const struct iovec *parts, int count, offset_type offset) { \
    REAL(name); \
    ssize_t done = real(fd, parts, count, offset); \
    uint64_t inode = done > 0 ? inode_of(fd) : 0; \
    if (inode != 0) put_parts(inode, (uint64_t)offset, parts, done); \
    return done; \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

static int resized(int fd, int result, uint64_t length) {
  uint64_t inode = result == 0 ? inode_of(fd) : 0;
  if (inode != 0) put('T', inode, length, NULL, 0, NULL, 0);
  return result;
}

int ftruncate(int fd, off_t length) {
  REAL(ftruncate);
  return resized(fd, real(fd, length), (uint64_t)length);
}
int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  return resized(fd, real(fd, length), (uint64_t)length);
}
int posix_fallocate(int fd, off_t offset, off_t length) {
  REAL(posix_fallocate);
  return resized(fd, real(fd, offset, length), (uint64_t)(offset + length));
}

static void put_content(FILE *file) {
  int fd = fileno(file);
  int flags = fd < 0 ? O_RDONLY : fcntl(fd, F_GETFL);
  uint64_t inode = (flags & O_ACCMODE) == O_RDONLY ? 0 : inode_of(fd);
  char path[PATH_MAX];
  if (inode == 0 || path_of(fd, path) != 0) return;
  int copy = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (copy >= 0 && fstat(copy, &status) == 0 && status.st_ino == inode) {
    size_t length = (size_t)status.st_size;
    char *bytes = malloc(length + 1);
    if (bytes == NULL || pread(copy, bytes, length, 0) != (ssize_t)length) abort();
    put('S', inode, 0, bytes, length, NULL, 0);
    free(bytes);
  }
  if (copy >= 0) syscall(SYS_close, copy);
}

int fflush(FILE *file) {
  REAL(fflush);
  int result = real(file);
  if (file != NULL && log_descriptor >= 0 && result == 0) put_content(file);
  return result;
}

int fclose(FILE *file) {
  REAL(fclose);
  if (log_descriptor >= 0 && fflush(file) == 0) forget(fileno(file));
  return real(file);
}

/* ---- syncing ---- */

static int is_swallowed(int fd) {
  char path[PATH_MAX];
  return swallow != NULL && swallow[0] != 0 && path_of(fd, path) == 0 && strstr(path, swallow) != NULL;
}

#define SYNC(name) \
  int name(int fd) { \
    REAL(name); \
    uint64_t inode = inode_of(fd); \
    if (inode == 0) return real(fd); \
    if (is_swallowed(fd)) return 0; \
    uint64_t id = ((uint64_t)getpid() << 32) + __atomic_add_fetch(&sync_count, 1, __ATOMIC_SEQ_CST); \
    put('B', id, inode, NULL, 0, NULL, 0); \
    int result = real(fd); \
    if (result == 0) put('E', id, 0, NULL, 0, NULL, 0); \
    return result; \
  }
SYNC(fsync)
SYNC(fdatasync)

/* ---- names ---- */

static int renamed(int result, int at, const char *from, int to_at, const char *to) {
  char old_path[PATH_MAX], new_path[PATH_MAX];
  if (result != 0) return result;
  int saved = errno;
  int is_from = resolve(at, from, old_path), is_to = resolve(to_at, to, new_path);
  if (is_from || is_to) put('R', 0, 0, old_path, strlen(old_path), new_path, strlen(new_path));
  errno = saved;
  return result;
}
int rename(const char *from, const char *to) {
  REAL(rename);
  return renamed(real(from, to), AT_FDCWD, from, AT_FDCWD, to);
}
int renameat(int at, const char *from, int to_at, const char *to) {
  REAL(renameat);
  return renamed(real(at, from, to_at, to), at, from, to_at, to);
}
int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags) {
  REAL(renameat2);
  return renamed(real(at, from, to_at, to, flags), at, from, to_at, to);
}

static int linked(int result, int at, const char *from, int to_at, const char *to) {
  char old_path[PATH_MAX], new_path[PATH_MAX];
  if (result != 0) return result;
  int saved = errno;
  if (resolve(at, from, old_path) && resolve(to_at, to, new_path))
    put('L', 0, 0, old_path, strlen(old_path), new_path, strlen(new_path));
  errno = saved;
  return result;
}
int link(const char *from, const char *to) {
  REAL(link);
  return linked(real(from, to), AT_FDCWD, from, AT_FDCWD, to);
}
int linkat(int at, const char *from, int to_at, const char *to, int flags) {
  REAL(linkat);
  return linked(real(at, from, to_at, to, flags), at, from, to_at, to);
}

static int removed(int result, int at, const char *path) {
  char absolute[PATH_MAX];
  if (result == 0 && resolve(at, path, absolute)) put('U', 0, 0, absolute, strlen(absolute), NULL, 0);
  return result;
}
int unlink(const char *path) {
  REAL(unlink);
  return removed(real(path), AT_FDCWD, path);
}
int unlinkat(int at, const char *path, int flags) {
  REAL(unlinkat);
  return removed(real(at, path, flags), at, path);
}
int rmdir(const char *path) {
  REAL(rmdir);
  return removed(real(path), AT_FDCWD, path);
}
int remove(const char *path) {
  REAL(remove);
  return removed(real(path), AT_FDCWD, path);
}

static int made(int result, int at, const char *path) {
  char absolute[PATH_MAX];
  if (result == 0 && resolve(at, path, absolute)) put_path('D', absolute);
  return result;
}
int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  return made(real(path, mode), AT_FDCWD, path);
}
int mkdirat(int at, const char *path, mode_t mode) {
  REAL(mkdirat);
  return made(real(at, path, mode), at, path);
}

/* ---- what the model does not know ---- */

#define MMAP(name, offset_type) \
  void *name(void *address, size_t length, int protection, int flags, int fd, offset_type offset) { \
    REAL(name); \
    int is_shared = (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0 && fd >= 0; \
    if (is_shared && inode_of(fd) != 0) put('M', 0, 0, "mmap", 4, NULL, 0); \
    return real(address, length, protection, flags, fd, offset); \
  }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)
