// faults.c — put in front of libc, it ends or fails a program at the n-th call that changes files.
//
// FAULT_UNDER: only of files whose path begins so. FAULT_AT: n, from 1. FAULT_DO: a signal's number
// as -9, or an errno as 28. FAULT_LOG: a file that gets a line for every call that is counted.
// What removes files does not fail, but counts where a signal is to come.
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long n_calls;
static atomic_int full = -1;  // a file of which a part was taken: the rest finds no space

static int is_under(const char* path) {
  const char* under = getenv("FAULT_UNDER");
  return under != NULL && strncmp(path, under, strlen(under)) == 0;
}

/// Whether a path, from an open folder on where it is relative, is one of those that count.
static int counts(int folder, const char* path) {
  char link[64], real[4096];
  if (path != NULL && path[0] == '/') return is_under(path);
  if (folder == AT_FDCWD) return 0;  // the tests name files by absolute paths
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  const ssize_t n = readlink(link, real, sizeof real - 1);
  if (n < 0) return 0;
  real[n] = 0;
  return is_under(real);
}

/// 1, with errno, where the call is to fail.
static int fault(const char* name, int removes) {
  const char* at = getenv("FAULT_AT");
  const char* what = getenv("FAULT_DO");
  const char* log = getenv("FAULT_LOG");
  const int act = what == NULL ? 0 : atoi(what);
  if (removes && act > 0) return 0;
  const long n = atomic_fetch_add(&n_calls, 1) + 1;
  if (log != NULL) {
    const int file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT, 0666);
    syscall(SYS_write, file, name, strlen(name));
    syscall(SYS_write, file, "\n", 1);
    syscall(SYS_close, file);
  }
  if (at == NULL || n != atol(at)) return 0;
  if (act < 0) kill(getpid(), -act);
  if (act > 0) errno = act;
  return act > 0;
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                      \
  int name(const char* path, int flags, ...) {                                          \
    va_list more;                                                                       \
    va_start(more, flags);                                                              \
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                     \
    va_end(more);                                                                       \
    if (flags & O_CREAT && counts(AT_FDCWD, path) && fault("open", 0)) return -1;       \
    return REAL(int, name, const char*, int, ...)(path, flags, mode);                   \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                    \
  int name(int folder, const char* path, int flags, ...) {                              \
    va_list more;                                                                       \
    va_start(more, flags);                                                              \
    const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                     \
    va_end(more);                                                                       \
    if (flags & O_CREAT && counts(folder, path) && fault("openat", 0)) return -1;       \
    return REAL(int, name, int, const char*, int, ...)(folder, path, flags, mode);      \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void* bytes, size_t n) {
  if (full == file) {
    full = -1;
    errno = atoi(getenv("FAULT_DO"));
    return -1;
  }
  if (counts(file, NULL) && fault("write", 0)) {
    if (n < 2) return -1;
    full = file;
    n /= 2;
  }
  return REAL(ssize_t, write, int, const void*, size_t)(file, bytes, n);
}
ssize_t writev(int file, const struct iovec* parts, int n) {
  if (counts(file, NULL) && fault("writev", 0)) return -1;
  return REAL(ssize_t, writev, int, const struct iovec*, int)(file, parts, n);
}
int fsync(int file) {
  if (counts(file, NULL) && fault("fsync", 0)) return -1;
  return REAL(int, fsync, int)(file);
}
int syncfs(int file) {
  if (counts(file, NULL) && fault("syncfs", 0)) return -1;
  return REAL(int, syncfs, int)(file);
}
int fchmod(int file, mode_t mode) {
  if (counts(file, NULL) && fault("fchmod", 0)) return -1;
  return REAL(int, fchmod, int, mode_t)(file, mode);
}
int mkdir(const char* path, mode_t mode) {
  if (counts(AT_FDCWD, path) && fault("mkdir", 0)) return -1;
  return REAL(int, mkdir, const char*, mode_t)(path, mode);
}
int rename(const char* from, const char* to) {
  if (counts(AT_FDCWD, to) && fault("rename", 0)) return -1;
  return REAL(int, rename, const char*, const char*)(from, to);
}
int renameat2(int a, const char* from, int b, const char* to, unsigned flags) {
  if (getenv("FAULT_NO_EXCHANGE") != NULL) {
    errno = EINVAL;
    return -1;
  }
  if (counts(b, to) && fault("renameat2", 0)) return -1;
  return REAL(int, renameat2, int, const char*, int, const char*, unsigned)(a, from, b, to, flags);
}
int unlink(const char* path) {
  if (counts(AT_FDCWD, path)) fault("unlink", 1);
  return REAL(int, unlink, const char*)(path);
}
int unlinkat(int folder, const char* path, int flags) {
  if (counts(folder, path)) fault("unlinkat", 1);
  return REAL(int, unlinkat, int, const char*, int)(folder, path, flags);
}
int rmdir(const char* path) {
  if (counts(AT_FDCWD, path)) fault("rmdir", 1);
  return REAL(int, rmdir, const char*)(path);
}
