// temporary.cpp — hidden names, and how a signal finds what lies under them.
//
// A named temporary and a list that the handler walks, rather than O_TMPFILE: that has no name
// which could replace another file's, no folder can be one, and NFS has none.
// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <string>

#include "transom/files/place.hpp"
#include "transom/files/whole.hpp"

namespace transom::files {
namespace {

namespace fs = std::filesystem;

/// Signals whose default is to end the program.
constexpr int kEnds[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU};

/// Temporaries that are there, for the handler. Beyond these only errors remove them.
struct Slot {
  enum State { kFree, kTaken, kThere };
  std::atomic<State> state = kFree;
  char path[PATH_MAX];
};
std::array<Slot, 16> slots;
static_assert(std::atomic<Slot::State>::is_always_lock_free);  // or a handler could wait for ever

/// A program may have threads that are not ours (Verilator's), and any of them may get the signal:
/// its handler waits for those between a name and its slot, and whoever comes later waits for the
/// end.
std::atomic<int> n_waiting = 0;
std::atomic<bool> is_ending = false;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);
void wait_a_moment() { poll(nullptr, 0, 1); }

/// Removes a file, or a folder with all that is in it; only calls that a handler may make.
/// @return whether it is gone
bool remove_all(int above, const char* name) {
  if (unlinkat(above, name, 0) == 0) return true;
  if (errno != EISDIR && errno != EPERM) return errno == ENOENT;
  const int folder = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return errno == ENOENT;
  alignas(dirent64) std::array<char, 4096> list;
  // What is removed while a folder is listed may hide what follows: until there is nothing more.
  for (bool more = true; more;) {
    more = false;
    lseek(folder, 0, SEEK_SET);
    for (ssize_t n; (n = getdents64(folder, list.data(), list.size())) > 0;) {
      for (ssize_t at = 0; at < n;) {
        const auto* entry = reinterpret_cast<const dirent64*>(list.data() + at);
        at += entry->d_reclen;
        if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
        remove_all(folder, entry->d_name);
        more = more || faccessat(folder, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
      }
    }
  }
  close(folder);
  return unlinkat(above, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

void remove_and_end(int signal) {
  constexpr int kMostMoments = 1000;
  is_ending = true;
  for (int i = 0; i < kMostMoments && n_waiting != 0; ++i) wait_a_moment();
  for (const Slot& slot : slots) {
    if (slot.state != Slot::kThere) continue;
    // Another thread may still put files into a folder: then once more.
    for (int i = 0; i < kMostMoments / 10 && !remove_all(AT_FDCWD, slot.path); ++i) wait_a_moment();
  }
  raise(signal);  // whose default it is to end the program, once this returns
}

/// .NAME.transom-XXXXXX beside the target.
fs::path hidden_name(const fs::path& target) {
  constexpr std::size_t kMostBytes = 200;  // of 255, which a name may have
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz012345";
  std::array<unsigned char, 6> random{};
  if (getrandom(random.data(), random.size(), 0) < 0) fail_to_write(target, errno);
  std::string name = "." + target.filename().string().substr(0, kMostBytes) + ".transom-";
  for (const unsigned char byte : random) name += kDigits[byte % kDigits.size()];
  return fs::absolute(above(target)) / name;
}

}  // namespace

SignalsWait::SignalsWait() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before_);
  ++n_waiting;
  if (is_ending) {  // in another thread
    --n_waiting;
    for (;;) wait_a_moment();
  }
}

SignalsWait::~SignalsWait() {
  --n_waiting;
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Temporary::Temporary(const fs::path& target, Kind kind) {
  const SignalsWait wait;  // between the name and its slot
  const auto make = [&] {
    path_ = hidden_name(target);
    if (kind == Kind::kFolder) return mkdir(path_.c_str(), 0777) == 0;
    file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return file_ >= 0;
  };
  while (!make()) {
    if (errno != EEXIST) fail_to_write(target, errno);
  }
  for (std::size_t i = 0; i < slots.size() && path_.native().size() < PATH_MAX; ++i) {
    Slot::State free = Slot::kFree;
    if (!slots[i].state.compare_exchange_strong(free, Slot::kTaken)) continue;
    std::strcpy(slots[i].path, path_.c_str());
    slots[i].state = Slot::kThere;
    slot_ = static_cast<int>(i);
    break;
  }
}

Temporary::~Temporary() {
  if (file_ >= 0) close(file_);
  if (!path_.empty()) remove_all(AT_FDCWD, path_.c_str());
  leave();
}

void Temporary::leave() {
  path_.clear();
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].state = Slot::kFree;
  slot_ = -1;
}

void clean_up_on_signals() {
  struct sigaction action {};
  action.sa_handler = remove_and_end;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigfillset(&action.sa_mask);
  for (const int signal : kEnds) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) sigaction(signal, &action, nullptr);
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace transom::files
