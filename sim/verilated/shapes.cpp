// shapes.cpp — shapes of the RTL, made when they are asked for.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/shapes.hpp"

#include <dlfcn.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "transom/unit/job.hpp"

extern char** environ;

namespace transom::verilated {
namespace {

using namespace unit;  // lane_kind_name

/// "decoder_tans_4" and the like.
std::string module_name(const char* module, const unit::UnitShape& shape) {
  const std::string kind =
      shape.kind == LaneKind::kTansPair ? "tans_pair" : std::string(lane_kind_name(shape.kind));
  return std::string(module) + "_" + kind + "_" + std::to_string(shape.n_lanes);
}

/// "_log8" and the like, where it is not the module's own.
std::string option(const char* what, std::size_t is, std::size_t by_itself) {
  return is == by_itself ? std::string() : what + std::to_string(is);
}
std::string rows_option(const unit::UnitShape& shape) {
  return option("_rows", max_rows(shape), max_rows(shape.kind));
}

/// What both systems have, where it is not the module's own.
std::string bus_name(const system::AxiParameters& unit) {
  const system::AxiParameters plain;
  return "_bus" + std::to_string(unit.shape.data_bits) + "_log" +
         std::to_string(unit.shape.unit.table_log) +
         option("_addr", unit.addr_bits, plain.addr_bits) +
         option("_burst", unit.max_burst, plain.max_burst) +
         option("_out", unit.outstanding, plain.outstanding) +
         option("_fifo", unit.fifo_beats, plain.fifo_beats) +
         option("_beats", unit.value_beats, plain.value_beats);
}

std::string with_fault(const std::string& name, const std::string& fault) {
  return fault.empty() ? name : name + "_fault_" + fault;
}

std::string folder() {
  const char* named = std::getenv("TRANSOM_SHAPES");
  return named != nullptr && *named != '\0' ? named : TRANSOM_SHAPES_FOLDER;
}

/// What the script prints: where the shape is. Its stderr is ours.
std::string run_script(const std::string& name) {
  int out[2];
  if (pipe(out) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, out[0]);
  posix_spawn_file_actions_addclose(&actions, out[1]);
  std::vector<std::string> words{"bash", TRANSOM_SHAPE_SCRIPT, folder(), name, TRANSOM_CXX};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  std::string text;
  std::array<char, 4096> some;
  for (ssize_t n; error == 0 && (n = read(out[0], some.data(), some.size())) > 0;) {
    text.append(some.data(), static_cast<std::size_t>(n));
  }
  close(out[0]);
  int status = 0;
  if (error != 0 || waitpid(child, &status, 0) != child || status != 0 || text.empty()) {
    throw std::runtime_error("the RTL of " + name + " is not there and was not built" +
                             (error != 0 ? std::string(": bash: ") + std::strerror(error) : ""));
  }
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace

std::string shape_name(const unit::UnitShape& shape, const std::string& fault) {
  return with_fault(module_name("decoder", shape) +
                        option("_log", max_table_log(shape), max_lane_table_log(shape.kind)) +
                        rows_option(shape),
                    fault);
}

std::string shape_name(const system::AxiParameters& unit, const std::string& fault) {
  return with_fault(
      module_name("decoder_axi", unit.shape.unit) + bus_name(unit) + rows_option(unit.shape.unit),
      fault);
}

std::string shape_name(const wide::Parameters& unit, const std::string& fault) {
  const std::string kind = unit.tans() ? "tans_" : "";
  return with_fault("decoder_wide_" + kind + std::to_string(unit.n_lanes()) + bus_name(unit.axi) +
                        "_halves" + std::to_string(unit.halves) + "_offset" +
                        std::to_string(unit.max_offset),
                    fault);
}

MakeShape load_shape(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, MakeShape> loaded;
  const std::lock_guard lock(mutex);
  MakeShape& make = loaded[name];
  if (make != nullptr) return make;
  const std::string file = run_script(name);
  void* object = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* entry = object != nullptr ? dlsym(object, TRANSOM_SHAPE_ENTRY) : nullptr;
  if (entry == nullptr) {
    throw std::runtime_error("the RTL of " + name + " cannot be loaded: " + dlerror() +
                             "; delete the file and try again");
  }
  return make = reinterpret_cast<MakeShape>(entry);
}

}  // namespace transom::verilated
