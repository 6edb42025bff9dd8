// heads.cpp — sets of heads are checked.
// SPDX-License-Identifier: Apache-2.0
#include "transom/stack/heads.hpp"

#include <algorithm>

namespace transom::stack {
namespace {

std::vector<std::size_t> slice(std::size_t first, std::size_t n, std::size_t stride) {
  require_range("Heads", "stride", stride, 1, SIZE_MAX);
  std::vector<std::size_t> indices(n);
  for (std::size_t i = 0; i < n; ++i) indices[i] = first + i * stride;
  return indices;
}

void check_different(std::vector<std::size_t> indices) {
  std::sort(indices.begin(), indices.end());
  const auto twin = std::adjacent_find(indices.begin(), indices.end());
  if (twin != indices.end()) refuse("substack", "head", *twin, "must be in one place alone");
}

}  // namespace

Heads::Heads(std::size_t first, std::size_t n, std::size_t stride)
    : Heads(slice(first, n, stride)) {}

Heads::Heads(std::vector<std::size_t> indices) : indices_(std::move(indices)) {
  check_different(indices_);
  for (std::size_t i = 0; i < indices_.size(); ++i) {
    largest_ = std::max(largest_, indices_[i]);
    adjacent_ = adjacent_ && indices_[i] == indices_[0] + i;
  }
}

void check_disjoint(std::initializer_list<Heads> sets) {
  std::vector<std::size_t> all;
  for (const Heads& set : sets) all.insert(all.end(), set.indices().begin(), set.indices().end());
  check_different(std::move(all));
}

}  // namespace transom::stack
