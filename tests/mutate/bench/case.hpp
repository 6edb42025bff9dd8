// case.hpp — a vector, or some, as they are run on a mutant: alone or one behind the other, with
// stalls.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "transom/verilated/shape/shape.hpp"

namespace transom::mutate {

/// What shows a mutant: the first difference from the model.
struct Kill {
  /// symbol, state, value, status, time-out, handshake, ...; "clocks": all is right but when.
  std::string how;
  std::string text;

  bool in_time_alone() const { return how == "clocks"; }
};

/// Makes a module anew, in which nothing has happened.
using Make = void* (*)(const verilated::ShapeOptions&);
/// What the registers of a netlist that can jump add from the next clock on, by number of a word.
using Jump = void (*)(unsigned number, std::uint32_t by);

class Case {
 public:
  Case(std::string vector, std::string stalls)
      : vector_(std::move(vector)), stalls_(std::move(stalls)) {}
  virtual ~Case() = default;
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  /// Before all runs, with the netlist as it was: for a case that no model foretells.
  virtual void learn(Make, Jump) {}
  /// The first difference of a module from the model; `how` is empty if there is none.
  virtual Kill run(Make make) const = 0;
  /// Of the model.
  virtual std::uint64_t clocks() const = 0;
  const std::string& vector() const { return vector_; }
  const std::string& stalls() const { return stalls_; }

 private:
  std::string vector_;
  std::string stalls_;
};
using Cases = std::vector<std::unique_ptr<Case>>;

/// A run of a mutant ends after so many clocks at the latest, if the model's takes `clocks`.
constexpr std::uint64_t most_clocks(std::uint64_t clocks) { return 2 * clocks + 256; }

}  // namespace transom::mutate
