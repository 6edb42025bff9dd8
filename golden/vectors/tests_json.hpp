// tests_json.hpp — vectors as JSON: groups of tests after Wycheproof's manner, and prompts and
// expected results apart after ACVP's. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "transom/golden/vectors/hostile.hpp"
#include "transom/golden/vectors/plan.hpp"

namespace transom::golden {

using json = nlohmann::ordered_json;

inline constexpr unsigned kVectorsVersion = 4;  ///< of what is written: files, fields, names

/// Which part of a file of tests is wanted.
enum class Half : std::uint8_t { kBoth, kPrompts, kExpected };

/// The vectors of a plan: one table, one group.
json group_json(const Plan& plan, std::span<const Vector> vectors, unsigned group, Half half);
/// The containers of one version.
json container_group_json(std::span<const ContainerVector> vectors, unsigned version,
                          unsigned group, Half half);
/// A file of tests.
json file_json(const std::string& name, const std::string& comment, std::uint32_t seed, json groups,
               Half half);

/// Words as 8 hex digits each; values of W bits as ceil(W / 4).
std::string words_hex(std::span<const std::uint32_t> words);
std::string values_hex(std::span<const value_t> values, DType dtype);
std::string bytes_hex(std::span<const std::uint8_t> bytes);
/// Values, words of symbols and words of offsets of each stream.
json streams_json(std::span<const StreamWords> streams, const StreamLayout& layout);
/// Their names.
json statuses_json(std::span<const Status> statuses);

/// What a manifest and a test say of a damaged one: parent, what was changed, where it is noticed.
void add_damage(json& test, const Vector& vector);

}  // namespace transom::golden
