/* Lets the n-th call that changes a file below one folder fail, tear or kill the process; or writes down all of them.
 *
 * Loaded with LD_PRELOAD. Does nothing until fault_arm() is called. Calls are counted by kind, and only those on paths
 * that begin with the given prefix; a descriptor's path is looked up when it is used, so a renamed file counts by its
 * present name. Files opened for reading only are not counted, but as kind READ.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, CLOSE = 16, UNLINK = 32, READ = 64 };
enum action { FAIL_ONCE = 0, FAIL_ON = 1, TEAR = 2, DIE = 3, DIE_TORN = 4 };

static int armed, kinds, action, number;
static long at, seen;
static char prefix[PATH_MAX], kept[PATH_MAX];
static int record = -1, keeping;
static long keep_count;

void fault_arm(const char *below, int which, long nth, int what, int error, int log_descriptor, const char *keep_in)
{
    strncpy(prefix, below, sizeof prefix - 1);
    strncpy(kept, keep_in, sizeof kept - 1);
    keeping = *keep_in != 0;
    kinds = which, at = nth, action = what, number = error, record = log_descriptor, seen = 0;
    armed = 1;
}

long fault_disarm(void)
{
    armed = 0;
    return seen;
}

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

#define ORIGINAL(result, name, ...) \
    static result (*original)(__VA_ARGS__); \
    if (!original) original = (result(*)(__VA_ARGS__))next(#name)

static int below(const char *path) { return path && !strncmp(path, prefix, strlen(prefix)); }

static const char *path_of(int descriptor, char *buffer)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    long length = syscall(SYS_readlink, link, buffer, PATH_MAX - 1);
    buffer[length < 0 ? 0 : length] = 0;
    return buffer;
}

static int writes(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether this call is to fail; it does not return where the process is to die before the call. */
static int strikes(enum kind kind)
{
    if (!(kind & kinds)) return 0;
    seen++;
    if (at == 0 || seen < at) return 0;
    if (seen > at) return action == FAIL_ON || action == TEAR;
    if (action == DIE || (action == DIE_TORN && kind != WRITE)) die();
    return 1;
}

static void note(const char *what, unsigned long inode, long size, const char *first, const char *second, long kept_as)
{
    if (record < 0) return;
    char line[3 * PATH_MAX];
    int length = snprintf(line, sizeof line, "%s\t%lu\t%ld\t%s\t%s\t%ld\n", what, inode, size, first, second, kept_as);
    syscall(SYS_write, record, line, length);
}

static void note_descriptor(const char *what, int descriptor, const char *path)
{
    struct stat found;
    if (record >= 0 && !fstat(descriptor, &found)) note(what, found.st_ino, found.st_size, path, "", 0);
}

/* Keep what is about to lose its name, so that a test can give the name back. */
static long keep(const char *path)
{
    if (!keeping) return 0;
    char copy[PATH_MAX + 32];
    snprintf(copy, sizeof copy, "%s/%ld", kept, keep_count + 1);
    return syscall(SYS_link, path, copy) ? 0 : ++keep_count;
}

static int opened(int descriptor, const char *path, int flags, int is_new)
{
    if (descriptor >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        note_descriptor(is_new ? "create" : "open", descriptor, path);
    return descriptor;
}

static int is_absent(const char *path)
{
    struct stat found;
    return lstat(path, &found) != 0;
}

#define OPEN_BODY(call) \
    int mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, int); \
        va_end(more); \
    } \
    if (!armed || !below(path)) return call; \
    int changes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); \
    if (strikes(changes ? OPEN : READ)) return errno = number, -1; \
    int is_new = is_absent(path); \
    return opened(call, path, flags, is_new)

int open(const char *path, int flags, ...)
{
    ORIGINAL(int, open, const char *, int, ...);
    OPEN_BODY(original(path, flags, mode));
}

int open64(const char *path, int flags, ...)
{
    ORIGINAL(int, open64, const char *, int, ...);
    OPEN_BODY(original(path, flags, mode));
}

int openat(int folder, const char *path, int flags, ...)
{
    ORIGINAL(int, openat, int, const char *, int, ...);
    OPEN_BODY(original(folder, path, flags, mode));
}

int openat64(int folder, const char *path, int flags, ...)
{
    ORIGINAL(int, openat64, int, const char *, int, ...);
    OPEN_BODY(original(folder, path, flags, mode));
}

/* Half of the bytes go out where a write is to be torn. */
static ssize_t torn(int descriptor, const void *bytes, size_t count)
{
    ssize_t written = syscall(SYS_write, descriptor, bytes, count / 2);
    if (action == DIE_TORN) die();
    return written;
}

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    ORIGINAL(ssize_t, write, int, const void *, size_t);
    char path[PATH_MAX];
    if (!armed || descriptor == record || !below(path_of(descriptor, path))) return original(descriptor, bytes, count);
    if (strikes(WRITE)) {
        int is_first = seen == at;
        if (is_first && (action == TEAR || action == DIE_TORN) && count > 1) return torn(descriptor, bytes, count);
        return errno = number, -1;
    }
    ssize_t written = original(descriptor, bytes, count);
    note_descriptor("write", descriptor, path);
    return written;
}

#define FAILING(kind, descriptor) \
    char path[PATH_MAX]; \
    int counts = armed && below(path_of(descriptor, path)); \
    if (counts && strikes(kind)) return errno = number, -1

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    ORIGINAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    FAILING(WRITE, descriptor);
    return original(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset)
{
    ORIGINAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    FAILING(WRITE, descriptor);
    return original(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    ORIGINAL(ssize_t, writev, int, const struct iovec *, int);
    FAILING(WRITE, descriptor);
    return original(descriptor, parts, count);
}

int fsync(int descriptor)
{
    ORIGINAL(int, fsync, int);
    FAILING(SYNC, descriptor);
    int result = original(descriptor);
    if (counts) note_descriptor("sync", descriptor, path);
    return result;
}

int fdatasync(int descriptor)
{
    ORIGINAL(int, fdatasync, int);
    FAILING(SYNC, descriptor);
    int result = original(descriptor);
    if (counts) note_descriptor("sync", descriptor, path);
    return result;
}

int close(int descriptor)
{
    ORIGINAL(int, close, int);
    char path[PATH_MAX];
    if (!armed || !writes(descriptor) || !below(path_of(descriptor, path))) return original(descriptor);
    int fails = strikes(CLOSE);
    int result = original(descriptor);
    return fails ? (errno = number, -1) : result;
}

static int moved(const char *what, const char *from, const char *to, int result, long kept_as)
{
    struct stat found;
    if (!result && record >= 0 && !lstat(to, &found)) note(what, found.st_ino, found.st_size, from, to, kept_as);
    return result;
}

#define MOVE_BODY(what, from, to, call) \
    if (!armed || !(below(from) || below(to))) return call; \
    if (strikes(RENAME)) return errno = number, -1; \
    long kept_as = is_absent(to) ? 0 : keep(to); \
    return moved(what, from, to, call, kept_as)

int rename(const char *from, const char *to)
{
    ORIGINAL(int, rename, const char *, const char *);
    MOVE_BODY("rename", from, to, original(from, to));
}

int renameat(int here, const char *from, int there, const char *to)
{
    ORIGINAL(int, renameat, int, const char *, int, const char *);
    MOVE_BODY("rename", from, to, original(here, from, there, to));
}

int renameat2(int here, const char *from, int there, const char *to, unsigned flags)
{
    ORIGINAL(int, renameat2, int, const char *, int, const char *, unsigned);
    MOVE_BODY("rename", from, to, original(here, from, there, to, flags));
}

int link(const char *from, const char *to)
{
    ORIGINAL(int, link, const char *, const char *);
    MOVE_BODY("link", from, to, original(from, to));
}

int linkat(int here, const char *from, int there, const char *to, int flags)
{
    ORIGINAL(int, linkat, int, const char *, int, const char *, int);
    MOVE_BODY("link", from, to, original(here, from, there, to, flags));
}

#define UNLINK_BODY(path, call) \
    struct stat found; \
    if (!armed || !below(path) || lstat(path, &found)) return call; \
    if (strikes(UNLINK)) return errno = number, -1; \
    long kept_as = keep(path); \
    int result = call; \
    if (!result) note("unlink", found.st_ino, found.st_size, path, "", kept_as); \
    return result

int unlink(const char *path)
{
    ORIGINAL(int, unlink, const char *);
    UNLINK_BODY(path, original(path));
}

int unlinkat(int folder, const char *path, int flags)
{
    ORIGINAL(int, unlinkat, int, const char *, int);
    UNLINK_BODY(path, original(folder, path, flags));
}
