// python.cpp — verbs of Python: report and sweep, whose packages of python/transom run this
// program, and what others ask of one.
//
// A package is that of the folder that TRANSOM_PYTHON_PATH names, else the one installed with
// this program, else the one built with it, else that of the source folder; it and Dask want
// Debian's interpreter, whatever else is in PATH. --help is the package's too.
// SPDX-License-Identifier: Apache-2.0
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>

#include "common.hpp"
#include "transom/golden/errors.hpp"
#include "verbs.hpp"

namespace transom::cli {
namespace {

namespace fs = std::filesystem;

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }

/// The package of a verb, in a folder.
fs::path main_of(const fs::path& folder, const std::string& verb) {
  return folder / "transom" / verb / "__main__.py";
}

fs::path package_folder(const std::string& verb) {
  const char* named = std::getenv("TRANSOM_PYTHON_PATH");
  fs::path folder = named != nullptr ? named : "";
  if (folder.empty()) {
    for (const fs::path& place : {this_program().parent_path() / TRANSOM_INSTALLED_PYTHON,
                                  fs::path(TRANSOM_BUILT_PYTHON), fs::path(TRANSOM_PYTHON)}) {
      folder = place;
      if (fs::exists(main_of(folder, verb))) break;
    }
  }
  if (!fs::exists(main_of(folder, verb))) {
    throw std::runtime_error(verb + ": " + folder.string() + " has no transom." + verb +
                             "; set TRANSOM_PYTHON_PATH to the folder python of Transom's sources");
  }
  return folder;
}

/// Puts the package before what PYTHONPATH names already.
void lead_python_path(const fs::path& folder) {
  const char* before = std::getenv("PYTHONPATH");
  const std::string rest = before != nullptr && *before != '\0' ? ":" + std::string(before) : "";
  setenv("PYTHONPATH", (fs::absolute(folder).string() + rest).c_str(), 1);
}

/// The interpreter and what it is to run.
std::vector<std::string> command(const std::string& package,
                                 const std::vector<std::string>& arguments) {
  lead_python_path(package_folder(package));
  std::vector<std::string> words{TRANSOM_INTERPRETER, "-m", "transom." + package};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

std::vector<char*> argv_of(std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return argv;
}

[[noreturn]] void fail_to_run(const std::string& package, int error) {
  throw std::runtime_error(package + ": " + TRANSOM_INTERPRETER + ": " + std::strerror(error) +
                           "; install python3, python3-distributed, python3-plotly, python3-pil");
}

/// Becomes the interpreter; returns only by throwing.
int become_python(const std::string& package, const std::vector<std::string>& arguments) {
  auto words = command(package, arguments);
  const auto argv = argv_of(words);
  execv(argv[0], argv.data());
  fail_to_run(package, errno);
}

/// A file without a name that holds bytes, at its start. Throws where there is no room.
int memory_file(std::span<const std::uint8_t> bytes) {
  const int file = memfd_create("transom", MFD_CLOEXEC);
  while (file >= 0 && !bytes.empty()) {
    const ssize_t n = write(file, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) throw std::bad_alloc();
    if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  if (file < 0 || lseek(file, 0, SEEK_SET) != 0) throw std::bad_alloc();
  return file;
}

/// All of a memory file, which it closes.
std::string take_text(int file) {
  std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
  const ssize_t n = pread(file, text.data(), text.size(), 0);
  close(file);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  return text;
}

/// What a program said in the end, without our name in front of it.
std::string last_line(const std::string& said) {
  const std::string ours = "transom: ";
  const std::string text = said.substr(0, said.find_last_not_of('\n') + 1);
  const std::string line = text.substr(text.find_last_of('\n') + 1);
  return line.starts_with(ours) ? line.substr(ours.size()) : line;
}

}  // namespace

Action add_python(App& app, const std::string& package, const std::string& verb) {
  app.leave_all();  // --help is the package's own
  return [&app, package, verb] {
    std::vector<std::string> words{verb};
    if (verb.empty()) words = {"--program", this_program().string()};
    const auto rest = app.remaining();
    words.insert(words.end(), rest.begin(), rest.end());
    return become_python(package, words);
  };
}

Action add_report(App& app) { return add_python(app, "report"); }
Action add_sweep(App& app) { return add_python(app, "sweep"); }

std::string ask_python(const std::string& package, const std::vector<std::string>& arguments,
                       std::span<const std::uint8_t> input) {
  auto words = command(package, arguments);
  const auto argv = argv_of(words);
  const int in = memory_file(input), out = memory_file({}), said = memory_file({});
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail_to_run(package, error);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  close(in);
  const std::string answer = take_text(out), complaint = take_text(said);
  if (status != 0) throw golden::DataError(last_line(complaint));
  return answer;
}

}  // namespace transom::cli
