// points.hpp — named cover points: what happened, counted, and what did not, by its name.
//
// A group crosses some axes; a point is a label of each. What cannot happen is no point: that it
// was counted is kept, as it is a fault of the decoder or of the group.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace transom::coverage {

/// What is told apart in one way.
struct Axis {
  std::string name;
  std::vector<std::string> labels;
};
/// The numbers first..last as labels.
Axis numbers(std::string name, unsigned first, unsigned last);

class CoverGroup {
 public:
  using Place = std::vector<unsigned>;  ///< a label of each axis, by number

  /// @param what     one line: when a point counts
  /// @param steers   what random stimulus sets to reach it
  /// @param possible whether a place is a point; all of them by default
  CoverGroup(std::string name, std::string what, std::string steers, std::vector<Axis> axes,
             const std::function<bool(const Place&)>& possible = {});

  void hit(std::initializer_list<unsigned> place);

  const std::string& name() const { return name_; }
  const std::string& what() const { return what_; }
  const std::string& steers() const { return steers_; }
  std::size_t n_points() const { return n_points_; }
  std::size_t n_hit() const { return n_hit_; }
  /// Places that were not hit, in order.
  std::vector<Place> holes() const;
  /// "state 3, bits 0"
  std::string point_name(const Place& place) const;
  /// The first place that was hit and is no point; empty if there was none.
  const std::string& impossible() const { return impossible_; }
  /// Takes the counts of a group of the same points.
  void add(const CoverGroup& other);

  friend bool operator==(const CoverGroup& a, const CoverGroup& b) { return a.hits_ == b.hits_; }

 private:
  Place place_of(std::size_t index) const;

  std::string name_, what_, steers_;
  std::vector<Axis> axes_;
  std::vector<bool> possible_;       ///< by index
  std::vector<std::uint64_t> hits_;  ///< by index
  std::size_t n_points_ = 0;
  std::size_t n_hit_ = 0;
  std::string impossible_;
};

using CoverGroups = std::vector<CoverGroup>;

std::size_t n_points(std::span<const CoverGroup> groups);
std::size_t n_hit(std::span<const CoverGroup> groups);
/// What a group says to be impossible, and was hit; empty if there is nothing.
std::string impossible(std::span<const CoverGroup> groups);
/// Takes the counts of the same groups, in the same order.
void add(CoverGroups& groups, std::span<const CoverGroup> others);

}  // namespace transom::coverage
