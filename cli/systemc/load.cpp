// load.cpp — SystemC's cycle model for the program, loaded when the first bench wants it.
//
// libsystemc fills tables of 3 MB before main() begins, which was half of the time that a verb
// takes to start. So the program does not link it: module.cpp does, which lies beside the installed
// program's libraries, else where it was built.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "module.hpp"
#include "transom/systemc/sc_decoder.hpp"

namespace transom::systemc {
namespace {

namespace fs = std::filesystem;

cli::RunSystemc load() {
  fs::path file = fs::read_symlink("/proc/self/exe").parent_path() / TRANSOM_INSTALLED_SYSTEMC;
  if (!fs::exists(file)) file = TRANSOM_BUILT_SYSTEMC;
  void* object = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* entry = object != nullptr ? dlsym(object, cli::kRunSystemc) : nullptr;
  if (entry == nullptr) {
    throw std::runtime_error(std::string("the decoder systemc cannot be loaded: ") + dlerror() +
                             "; install SystemC's library, or leave the decoder away");
  }
  return reinterpret_cast<cli::RunSystemc>(entry);
}

}  // namespace

unit::Run run_systemc(unit::Bench& bench) {
  static const cli::RunSystemc run = load();
  unit::Run result;
  run(bench, result);
  return result;
}

}  // namespace transom::systemc
