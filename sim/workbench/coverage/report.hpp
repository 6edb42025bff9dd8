// report.hpp — cover points as text and JSON.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "transom/base/spec.hpp"
#include "transom/coverage/points.hpp"

namespace transom::workbench {
using coverage::CoverGroup, coverage::CoverGroups;

/// A line for each group, then its holes: so many of them by name, JSON has all.
inline constexpr std::size_t kNamedHoles = 20;
std::string coverage_text(const std::string& title, std::span<const CoverGroup> groups);
nlohmann::ordered_json coverage_json(const std::string& title, std::span<const CoverGroup> groups);
/// The same for each kind.
std::string coverage_text(const std::map<LaneKind, CoverGroups>& kinds);
nlohmann::ordered_json coverage_json(const std::map<LaneKind, CoverGroups>& kinds);

}  // namespace transom::workbench
