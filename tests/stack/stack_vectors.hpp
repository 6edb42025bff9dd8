// stack_vectors.hpp — recorded messages of craystack and bits-back, read by their schema: what a
// case is, its fields tell, not its file or its name.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support.hpp"
#include "transom/stack/flatten.hpp"

namespace transom::support {

using json = nlohmann::json;
using stack::Words;

/// Every file of cases in TRANSOM_SHARED/interop/bbans; none where that is missing (skipped).
inline std::vector<json> recorded_files() {
  std::vector<json> files;
  const auto folder = shared_folder("interop/bbans");
  if (!folder) return files;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    json file = json::parse(in);
    if (file.contains("cases")) files.push_back(std::move(file));
  }
  return files;
}

/// visit(case, file) for each recorded case that has all the fields; at least one must.
template <class Visit>
void for_each_case(const std::vector<std::string>& fields, Visit visit) {
  const auto files = recorded_files();
  std::size_t n_visits = 0;
  for (const json& file : files) {
    for (const json& one : file["cases"]) {
      if (!std::all_of(fields.begin(), fields.end(),
                       [&](const std::string& field) { return one.contains(field); })) {
        continue;
      }
      INFO(one.value("name", "?"));
      visit(one, file);
      ++n_visits;
    }
  }
  CHECK((files.empty() || n_visits != 0));
}

/// {head, tail: top first} as a message.
template <class Geometry = Rans64x32>
stack::Message<Geometry> message_of(const json& recorded) {
  auto tail = recorded.at("tail").get<Words>();
  std::reverse(tail.begin(), tail.end());
  return {recorded.at("head").get<std::vector<std::uint64_t>>(), std::move(tail)};
}
/// Flat words of one head.
template <class Geometry>
stack::Message<Geometry> message_of_words(const json& words) {
  auto read = stack::unflatten_raw<Geometry>(words.get<Words>());
  REQUIRE(read.status == Status::kOk);
  return std::move(read.message);
}

/// One step of a trace: on which heads, with which ranges of how many slots.
struct Step {
  bool pushes, any_slots;  ///< any_slots: `slots` is N, else log2 of it
  std::vector<std::size_t> heads;
  std::vector<std::uint64_t> start, freq, slots;
};

/// A number for all of n, or one for each.
inline std::vector<std::uint64_t> spread(const json& value, std::size_t n) {
  if (value.is_array()) return value.get<std::vector<std::uint64_t>>();
  return std::vector<std::uint64_t>(n, value.get<std::uint64_t>());
}

/// {op, start, freq, lanes, prec} of craystack, or [op, start, prob, precision] of bits-back.
inline Step step_of(const json& recorded) {
  Step step{};
  if (recorded.is_array()) {
    step.pushes = recorded[0] == "push";
    return {step.pushes,
            false,
            {0},
            {recorded[1].get<std::uint64_t>()},
            {recorded[2].get<std::uint64_t>()},
            {recorded[3].get<std::uint64_t>()}};
  }
  const std::string op = recorded.at("op");
  step.pushes = op.ends_with("push");
  step.any_slots = op.starts_with("f");
  const json& lanes = recorded.at("lanes");
  if (lanes.is_array()) {
    step.heads = lanes.get<std::vector<std::size_t>>();
  } else {
    step.heads.resize(lanes.get<std::size_t>());
    for (std::size_t i = 0; i < step.heads.size(); ++i) step.heads[i] = i;
  }
  step.start = spread(recorded.at("start"), step.heads.size());
  step.freq = spread(recorded.at("freq"), step.heads.size());
  step.slots = spread(recorded.at("prec"), step.heads.size());
  return step;
}

/// A step as the coder takes it; a sure symbol of 2^32 slots is one of 2^0.
inline std::pair<RansRange, unsigned> range_of(const Step& step, std::size_t i) {
  const auto R = static_cast<unsigned>(step.slots[i]);
  if (step.freq[i] >> 32 != 0 && R == 32) return {{0, 1}, 0};
  return {{static_cast<std::uint32_t>(step.start[i]), static_cast<std::uint32_t>(step.freq[i])}, R};
}

/// Does the step, or undoes it. What a pop finds must be the recorded range.
template <class Geometry>
void replay(stack::Message<Geometry>& m, const Step& step, bool undo) {
  std::vector<std::uint64_t> heads;
  for (const std::size_t head : step.heads) heads.push_back(m.heads()[head]);
  stack::View<Geometry> view(heads, m.tail());
  const std::size_t n = heads.size();
  const auto found = [&](std::size_t i, std::uint32_t slot) {
    const auto range = range_of(step, i).first;
    const bool inside = slot >= range.cum && slot - range.cum < range.freq;
    REQUIRE(inside);
    return RansSlot{0, range.freq, slot - range.cum};
  };
  if (step.any_slots) {
    std::vector<RansRange> ranges;
    std::vector<std::uint32_t> n_slots;
    for (std::size_t i = 0; i < n; ++i) {
      ranges.push_back(range_of(step, i).first);
      n_slots.push_back(static_cast<std::uint32_t>(step.slots[i]));
    }
    if (step.pushes != undo) {
      stack::push_any(view, ranges, n_slots);
    } else {
      stack::pop_any(view, n_slots, found);
    }
  } else if (step.pushes != undo) {
    for (std::size_t i = n; i-- > 0;) {
      const auto [range, R] = range_of(step, i);
      stack::push_range(view, i, range, R);
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      stack::pop_slot(view, i, range_of(step, i).second,
                      [&](std::uint32_t slot) { return found(i, slot); });
    }
  }
  for (std::size_t i = 0; i < n; ++i) m.heads()[step.heads[i]] = heads[i];
}

/// From init over all steps to final, and back.
template <class Geometry>
void check_steps(const stack::Message<Geometry>& init, const std::vector<Step>& steps,
                 const stack::Message<Geometry>& final) {
  auto m = init;
  for (const Step& step : steps) replay(m, step, false);
  CHECK(m == final);
  for (std::size_t i = steps.size(); i-- > 0;) replay(m, steps[i], true);
  CHECK(m == init);
}

}  // namespace transom::support
