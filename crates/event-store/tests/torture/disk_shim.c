/* LD_PRELOAD: a disk that fails. From a chosen call on, writing or syncing files under one folder fails, or ends the
 * process. SENGEN_SHIM_FOLDER names the folder; SENGEN_SHIM_CONTROL names a file of four 64-bit numbers, shared by all
 * processes: what to do, how many calls may still pass, how many calls there were, how many failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, SYNC_EIO, WRITE_ENOSPC, WRITE_EIO, KILL, ONE_SYNC_EIO };
enum { SYNC = 1, WRITE = 2 };

struct control {
  int64_t what, may_pass, calls, failed;
};

static struct control *control;

static struct control *shared(void) {
  if (control) return control;
  const char *path = getenv("SENGEN_SHIM_CONTROL");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return NULL;
  void *map = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (map == MAP_FAILED) return NULL;
  return control = map;
}

static int is_ours(int fd) {
  const char *folder = getenv("SENGEN_SHIM_FOLDER");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (!folder || length <= 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

/* 0, or the error that the call must end in. */
static int fate(int fd, int kind) {
  int before = errno;
  struct control *c = shared();
  if (!c) return 0;
  int64_t what = __atomic_load_n(&c->what, __ATOMIC_SEQ_CST);
  int counted = what == KILL || ((what == SYNC_EIO || what == ONE_SYNC_EIO) && kind == SYNC) ||
                ((what == WRITE_ENOSPC || what == WRITE_EIO) && kind == WRITE);
  if (!counted || !is_ours(fd)) {
    errno = before;
    return 0;
  }
  errno = before;
  __atomic_add_fetch(&c->calls, 1, __ATOMIC_SEQ_CST);
  int64_t left = __atomic_sub_fetch(&c->may_pass, 1, __ATOMIC_SEQ_CST);
  if (left >= 0 || (what == ONE_SYNC_EIO && left < -1)) return 0;
  __atomic_add_fetch(&c->failed, 1, __ATOMIC_SEQ_CST);
  if (what == KILL) kill(getpid(), SIGKILL);
  return what == WRITE_ENOSPC ? ENOSPC : EIO;
}

#define FAIL_OR(fd, kind)                  \
  do {                                     \
    int error = fate(fd, kind);            \
    if (error) {                           \
      errno = error;                       \
      return -1;                           \
    }                                      \
  } while (0)
#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

int fsync(int fd) {
  FAIL_OR(fd, SYNC);
  return REAL(fsync)(fd);
}
int fdatasync(int fd) {
  FAIL_OR(fd, SYNC);
  return REAL(fdatasync)(fd);
}
ssize_t write(int fd, const void *bytes, size_t count) {
  FAIL_OR(fd, WRITE);
  return REAL(write)(fd, bytes, count);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  FAIL_OR(fd, WRITE);
  return REAL(pwrite)(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  FAIL_OR(fd, WRITE);
  return REAL(pwrite64)(fd, bytes, count, at);
}
ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t at) {
  FAIL_OR(fd, WRITE);
  return REAL(pwritev)(fd, pieces, count, at);
}
ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t at) {
  FAIL_OR(fd, WRITE);
  return REAL(pwritev64)(fd, pieces, count, at);
}
int posix_fallocate(int fd, off_t at, off_t length) {
  int error = fate(fd, WRITE);
  return error ? error : REAL(posix_fallocate)(fd, at, length);
}
int posix_fallocate64(int fd, off64_t at, off64_t length) {
  int error = fate(fd, WRITE);
  return error ? error : REAL(posix_fallocate64)(fd, at, length);
}
