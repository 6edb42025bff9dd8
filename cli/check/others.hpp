// others.hpp — what can be checked beside values and steps: digests of chains, beats of values,
// what a reader says of a container.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::cli {

/// How much was compared, and the first difference; empty if all is equal.
struct Compared {
  std::uint64_t n = 0;
  std::string wrong;
};

/// Something to compare with that is no tensor.
struct OtherCase {
  std::string name;
  std::string id;      ///< tcId
  std::string ending;  ///< of the file that tells it
  std::function<Compared(const std::filesystem::path& file)> compare;
};

constexpr const char* kBeatsEnding = ".beats";

/// Those of a folder of `transom vectors`. Throws DataError naming the field that is wrong.
std::vector<OtherCase> other_cases(const std::filesystem::path& folder,
                                   const nlohmann::ordered_json& manifest);

/// Beats that a decoder_axi gave of tensors, one behind the other; its lanes follow from a beat's
/// width. Throws DataError naming file, line and field.
Compared compare_beats(std::span<const CodedTensor> tensors, const std::filesystem::path& file);

}  // namespace transom::cli
