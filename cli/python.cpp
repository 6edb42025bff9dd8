// python.cpp — transom report and sweep: hands their arguments to packages of python/transom, which
// run this program.
//
// A package is that of the folder that TRANSOM_PYTHON_PATH names, else the one installed with
// this program, else the one built with it, else that of the source folder; it and Dask want
// Debian's interpreter, whatever else is in PATH. --help is the package's too.
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

/// Becomes the interpreter; returns only by throwing.
int become_python(const std::string& verb, const std::vector<std::string>& arguments) {
  lead_python_path(package_folder(verb));
  std::vector<std::string> words{TRANSOM_INTERPRETER, "-m", "transom." + verb, "--program",
                                 this_program().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  throw std::runtime_error(verb + ": " + words[0] + ": " + std::strerror(errno) +
                           "; install python3, python3-distributed, python3-plotly");
}

Action add_python(App& app, const std::string& verb) {
  app.leave_all();  // --help is the package's own
  return [&app, verb] { return become_python(verb, app.remaining()); };
}

}  // namespace

Action add_report(App& app) { return add_python(app, "report"); }
Action add_sweep(App& app) { return add_python(app, "sweep"); }

}  // namespace transom::cli
