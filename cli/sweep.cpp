// sweep.cpp — transom sweep: hands its arguments to python/transom/sweep, which runs this program.
//
// The package is that of the folder that TRANSOM_PYTHON_PATH names, else the one installed with
// this program, else that of the source folder; it and Dask want Debian's interpreter, whatever
// else is in PATH. --help is the package's too.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "common.hpp"
#include "verbs.hpp"

namespace transom::cli {
namespace {

namespace fs = std::filesystem;

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }

bool has_package(const fs::path& folder) {
  return fs::exists(folder / "transom/sweep/__main__.py");
}

fs::path package_folder() {
  const char* named = std::getenv("TRANSOM_PYTHON_PATH");
  const fs::path installed = this_program().parent_path() / TRANSOM_INSTALLED_PYTHON;
  const fs::path folder = named != nullptr && *named != '\0' ? named
                          : has_package(installed)           ? installed
                                                             : TRANSOM_PYTHON_FOLDER;
  if (!has_package(folder)) {
    throw std::runtime_error("sweep: " + folder.string() +
                             " has no transom.sweep; set TRANSOM_PYTHON_PATH to the folder python "
                             "of Transom's sources");
  }
  return folder;
}

/// Puts the package before what PYTHONPATH names already.
void lead_python_path(const fs::path& folder) {
  const char* before = std::getenv("PYTHONPATH");
  const std::string rest = before != nullptr && *before != '\0' ? ":" + std::string(before) : "";
  setenv("PYTHONPATH", (fs::absolute(folder).string() + rest).c_str(), 1);
}

/// Becomes the interpreter; returns only by throwing.
int become_python(const std::vector<std::string>& arguments) {
  lead_python_path(package_folder());
  std::vector<std::string> words{TRANSOM_INTERPRETER, "-m", "transom.sweep", "--program",
                                 this_program().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  throw std::runtime_error("sweep: " + words[0] + ": " + std::strerror(errno) +
                           "; install python3, python3-distributed, python3-plotly");
}

}  // namespace

Action add_sweep(App& app) {
  app.leave_all();  // --help is the package's own
  return [&app] { return become_python(app.remaining()); };
}

}  // namespace transom::cli
