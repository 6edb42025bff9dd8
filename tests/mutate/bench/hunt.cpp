// hunt.cpp — see hunt.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "hunt.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

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
    jump_ = reinterpret_cast<Jump>(dlsym(object, "jump_transom"));
    if (make_ == nullptr || select_ == nullptr || jump_ == nullptr) {
      throw std::runtime_error(std::string(file) + ": is no netlist of mutants");
    }
  }
  void teach(Case& one, std::uint64_t seed) const {
    select_(0, seed);
    one.learn(make_, jump_);
  }
  Kill run(const Case& one, std::uint32_t mutant, std::uint64_t seed) const {
    select_(mutant, seed);
    return one.run(make_);
  }

 private:
  using Select = void (*)(std::uint32_t, std::uint64_t);
  Make make_;
  Select select_;
  Jump jump_;
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

int hunt_all(std::span<char*> arguments, CasesOf cases_of) {
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
    netlist.teach(*one, hunters.back().seed);
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

unsigned number(std::string_view text) {
  unsigned n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::invalid_argument("not a number: " + std::string(text));
  }
  return n;
}

int hunt_main(int argc, char** argv, CasesOf cases_of) {
  try {
    return hunt_all(std::span(argv, static_cast<std::size_t>(argc)).subspan(1), cases_of);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "mutants: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mutants: %s\n", error.what());
    return 3;
  }
}

}  // namespace transom::mutate
