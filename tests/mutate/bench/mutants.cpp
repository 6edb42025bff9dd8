// mutants.cpp — runs the golden vectors on every mutant of a netlist, and prints what killed it.
//
//   mutants OBJECT NAME SEED < NUMBERS
//
// OBJECT is a shared object as tests/mutate/netlist.py makes it, NAME that of its module as
// sim/verilated/shape.sh has it; the vectors are those that `transom vectors --seed SEED` writes.
// A line of JSON for each number of a mutant. Cases that have killed the most come first.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "case.hpp"
#include "unit_cases.hpp"

namespace transom::mutate {
namespace {

using nlohmann::json;

/// A netlist of mutants.
class Netlist {
 public:
  explicit Netlist(const char* file) {
    void* object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (object == nullptr) throw std::runtime_error(dlerror());
    make_ = reinterpret_cast<Make>(dlsym(object, TRANSOM_SHAPE_ENTRY));
    select_ = reinterpret_cast<Select>(dlsym(object, "select_transom_mutant"));
    if (make_ == nullptr || select_ == nullptr) {
      throw std::runtime_error(std::string(file) + ": is no netlist of mutants");
    }
  }
  Kill run(const Case& one, std::uint32_t mutant, std::uint64_t seed) const {
    select_(mutant, seed);
    return one.run(make_);
  }

 private:
  using Select = void (*)(std::uint32_t, std::uint64_t);
  Make make_;
  Select select_;
};

/// A case, and how many mutants it has killed.
struct Hunter {
  const Case* hunts;
  std::uint64_t seed;
  unsigned kills = 0;
};

json to_json(const Kill& kill, const Case& by) {
  return {{"how", kill.how}, {"vector", by.vector()}, {"stalls", by.stalls()}, {"text", kill.text}};
}

/// What kills a mutant; the model's own clocks alone only where nothing else does.
json hunt(const Netlist& netlist, std::vector<Hunter>& hunters, std::uint32_t mutant) {
  json result{{"mutant", mutant}, {"killed", false}};
  for (auto hunter = hunters.begin(); hunter != hunters.end(); ++hunter) {
    const Kill kill = netlist.run(*hunter->hunts, mutant, hunter->seed);
    if (kill.how.empty() || (kill.in_time_alone() && result["killed"] == true)) continue;
    result = {{"mutant", mutant}, {"killed", true}};
    result.update(to_json(kill, *hunter->hunts));
    if (kill.in_time_alone()) continue;
    ++hunter->kills;
    const auto place = std::find_if(
        hunters.begin(), hunter, [&](const Hunter& other) { return other.kills < hunter->kills; });
    std::rotate(place, hunter, hunter + 1);
    break;
  }
  return result;
}

unsigned number(std::string_view text) {
  unsigned n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::invalid_argument("not a number: " + std::string(text));
  }
  return n;
}

LaneKind kind_of(std::string_view name) {
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    std::string kind(lane_kind_name(static_cast<LaneKind>(k)));
    std::replace(kind.begin(), kind.end(), '-', '_');
    if (name == kind) return static_cast<LaneKind>(k);
  }
  throw std::invalid_argument("no kind of lane: " + std::string(name));
}

/// decoder_KIND_LANES
Cases cases_of(std::string_view name, std::uint32_t seed) {
  constexpr std::string_view kUnit = "decoder_";
  const auto last = name.rfind('_');
  if (!name.starts_with(kUnit) || last < kUnit.size()) {
    throw std::invalid_argument("no such module: " + std::string(name));
  }
  const LaneKind kind = kind_of(name.substr(kUnit.size(), last - kUnit.size()));
  return unit_cases({kind, number(name.substr(last + 1))}, seed);
}

int run(std::span<char*> arguments) {
  if (arguments.size() != 3) {
    std::fputs("mutants OBJECT NAME SEED < NUMBERS\n", stderr);
    return 2;
  }
  const Netlist netlist(arguments[0]);
  const Cases cases = cases_of(arguments[1], number(arguments[2]));
  std::vector<Hunter> hunters;
  std::uint64_t clocks = 0;
  for (const auto& one : cases) {
    hunters.push_back({one.get(), hunters.size() + 1});
    clocks += one->clocks();
  }
  std::cout << json{{"cases", cases.size()}, {"clocks", clocks}}.dump() << '\n';
  if (const json none = hunt(netlist, hunters, 0); none["killed"] == true) {
    std::fprintf(stderr, "mutants: the netlist itself is not the model: %s\n", none.dump().c_str());
    return 1;
  }
  std::stable_sort(hunters.begin(), hunters.end(), [](const Hunter& a, const Hunter& b) {
    return a.hunts->clocks() < b.hunts->clocks();
  });
  for (std::string line; std::cin >> line;) {
    std::cout << hunt(netlist, hunters, number(line)).dump() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace transom::mutate

int main(int argc, char** argv) {
  try {
    return transom::mutate::run(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "mutants: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mutants: %s\n", error.what());
    return 3;
  }
}
