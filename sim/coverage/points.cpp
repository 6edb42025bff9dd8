// points.cpp — named cover points: what happened, counted, and what did not, by its name.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coverage/points.hpp"

#include <numeric>
#include <utility>

namespace transom::coverage {

Axis numbers(std::string name, unsigned first, unsigned last) {
  Axis axis{std::move(name), {}};
  for (unsigned n = first; n <= last; ++n) axis.labels.push_back(std::to_string(n));
  return axis;
}

CoverGroup::CoverGroup(std::string name, std::string what, std::string steers,
                       std::vector<Axis> axes, const std::function<bool(const Place&)>& possible)
    : name_(std::move(name)),
      what_(std::move(what)),
      steers_(std::move(steers)),
      axes_(std::move(axes)) {
  std::size_t n = 1;
  for (const Axis& axis : axes_) n *= axis.labels.size();
  hits_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    possible_.push_back(!possible || possible(place_of(i)));
    n_points_ += possible_.back();
  }
}

CoverGroup::Place CoverGroup::place_of(std::size_t index) const {
  Place place(axes_.size());
  for (std::size_t a = axes_.size(); a-- > 0;) {
    place[a] = static_cast<unsigned>(index % axes_[a].labels.size());
    index /= axes_[a].labels.size();
  }
  return place;
}

void CoverGroup::hit(std::initializer_list<unsigned> place) {
  std::size_t index = 0;
  const Axis* axis = axes_.data();
  bool inside = place.size() == axes_.size();
  for (const unsigned label : place) {
    inside = inside && label < axis->labels.size();
    index = index * axis++->labels.size() + label;
  }
  if (!inside || !possible_[index]) {
    if (impossible_.empty()) impossible_ = inside ? point_name(place) : "a label that it has not";
    return;
  }
  n_hit_ += hits_[index]++ == 0;
}

std::vector<CoverGroup::Place> CoverGroup::holes() const {
  std::vector<Place> holes;
  for (std::size_t i = 0; i < hits_.size(); ++i) {
    if (possible_[i] && hits_[i] == 0) holes.push_back(place_of(i));
  }
  return holes;
}

std::string CoverGroup::point_name(const Place& place) const {
  std::string name;
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    name += (a == 0 ? "" : ", ") + axes_[a].name + ' ' + axes_[a].labels[place[a]];
  }
  return name;
}

void CoverGroup::add(const CoverGroup& other) {
  for (std::size_t i = 0; i < hits_.size(); ++i) {
    n_hit_ += hits_[i] == 0 && other.hits_[i] != 0;
    hits_[i] += other.hits_[i];
  }
  if (impossible_.empty()) impossible_ = other.impossible_;
}

std::size_t n_points(std::span<const CoverGroup> groups) {
  return std::accumulate(groups.begin(), groups.end(), std::size_t{0},
                         [](std::size_t n, const CoverGroup& g) { return n + g.n_points(); });
}
std::size_t n_hit(std::span<const CoverGroup> groups) {
  return std::accumulate(groups.begin(), groups.end(), std::size_t{0},
                         [](std::size_t n, const CoverGroup& g) { return n + g.n_hit(); });
}
std::string impossible(std::span<const CoverGroup> groups) {
  for (const CoverGroup& g : groups) {
    if (!g.impossible().empty()) return "cover group '" + g.name() + "': " + g.impossible();
  }
  return {};
}
void add(CoverGroups& groups, std::span<const CoverGroup> others) {
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].add(others[i]);
}

}  // namespace transom::coverage
