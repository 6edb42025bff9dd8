// report.cpp — cover points as text and JSON.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/coverage/report.hpp"

#include "transom/workbench/text.hpp"

namespace transom::workbench {

using namespace coverage;

std::string coverage_text(const std::string& title, std::span<const CoverGroup> groups) {
  Table table({title, "hit", "points"});
  for (const CoverGroup& g : groups) {
    if (g.n_points() == 0) continue;
    table.add({g.name(), std::to_string(g.n_hit()), std::to_string(g.n_points())});
  }
  table.rule();
  table.add({"total", std::to_string(n_hit(groups)), std::to_string(n_points(groups))});
  std::string text = table.text();
  for (const CoverGroup& g : groups) {
    const auto holes = g.holes();
    for (std::size_t i = 0; i < holes.size() && i < kNamedHoles; ++i) {
      text += "hole: " + g.name() + ": " + g.point_name(holes[i]) + '\n';
    }
    if (holes.size() > kNamedHoles) {
      text += "hole: " + g.name() + ": " + std::to_string(holes.size() - kNamedHoles) + " more\n";
    }
  }
  return text;
}

nlohmann::ordered_json coverage_json(const std::string& title, std::span<const CoverGroup> groups) {
  auto all = nlohmann::ordered_json::array();
  for (const CoverGroup& g : groups) {
    auto holes = nlohmann::ordered_json::array();
    for (const auto& hole : g.holes()) holes.push_back(g.point_name(hole));
    all.push_back({{"group", g.name()},
                   {"what", g.what()},
                   {"steered_by", g.steers()},
                   {"hit", g.n_hit()},
                   {"points", g.n_points()},
                   {"holes", std::move(holes)}});
  }
  return {{"unit", title},
          {"hit", n_hit(groups)},
          {"points", n_points(groups)},
          {"groups", std::move(all)}};
}

std::string coverage_text(const std::map<LaneKind, CoverGroups>& kinds) {
  std::string text;
  for (const auto& [kind, groups] : kinds)
    text += '\n' + coverage_text(std::string(lane_kind_name(kind)), groups);
  return text;
}

nlohmann::ordered_json coverage_json(const std::map<LaneKind, CoverGroups>& kinds) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& [kind, groups] : kinds)
    all.push_back(coverage_json(std::string(lane_kind_name(kind)), groups));
  return all;
}

}  // namespace transom::workbench
