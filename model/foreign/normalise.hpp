// normalise.hpp — boundaries of integer widths in which every symbol that needs one gets a slot.
//
// ryg_rans, torch_ans and CompressAI all scale cumulative counts and then steal: a symbol without
// a slot takes one from the first of the narrowest symbols that have more than one, and the
// boundaries in between move by one. First to last symbol; not cost-optimal (quantise.hpp is).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "transom/base/precondition.hpp"

namespace transom::foreign {

/// @param bounds n + 1 boundaries, at least one (throws); symbol s has [bounds[s], bounds[s + 1])
/// @param needs  needs(s): whether symbol s must have a slot
/// @return false if there was nothing to steal (bounds are then half done)
template <class T, class Needs>
bool steal_slots(std::vector<T>& bounds, Needs needs) {
  using Modular = std::make_unsigned_t<T>;  // torch_ans' boundaries may have wrapped
  require_range("steal_slots", "number of boundaries", bounds.size(), 1, SIZE_MAX);
  const std::size_t n = bounds.size() - 1;
  const auto add = [&](std::size_t j, Modular by) {
    bounds[j] = static_cast<T>(static_cast<Modular>(bounds[j]) + by);
  };
  for (std::size_t i = 0; i < n; ++i) {
    if (bounds[i] != bounds[i + 1] || !needs(i)) continue;
    std::size_t from = n;
    T narrowest = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const auto width =
          static_cast<T>(static_cast<Modular>(bounds[j + 1]) - static_cast<Modular>(bounds[j]));
      if (width > 1 && (from == n || width < narrowest)) {
        from = j;
        narrowest = width;
      }
    }
    if (from == n) return false;
    for (std::size_t j = from + 1; j <= i; ++j) add(j, ~Modular{0});
    for (std::size_t j = i + 1; j <= from; ++j) add(j, 1);
  }
  return true;
}

}  // namespace transom::foreign
