// heads.hpp — which heads of a message a codec works on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include "transom/stack/distribution.hpp"

namespace transom::stack {

/// Different heads of a message, in the order in which a codec sees them.
class Heads {
 public:
  /// first, first + stride, ...: n heads. Throws for a stride of 0.
  Heads(std::size_t first, std::size_t n, std::size_t stride = 1);
  /// Any ones. Throws for a head that is there twice.
  static Heads at(std::vector<std::size_t> indices) { return Heads(std::move(indices)); }

  std::span<const std::size_t> indices() const { return indices_; }

  /// work(View&) of these heads and the whole tail. Throws if the message has not all of them.
  /// Heads that lie apart are copied to the view, and back, also if work() throws.
  template <Stack M, class Work>
  auto on(M& m, Work work) const {
    using Geometry = typename M::Geometry;
    const auto heads = m.heads();
    if (!indices_.empty()) require_range("substack", "head", largest_, 0, heads.size() - 1);
    if (adjacent_) {
      const std::size_t first = indices_.empty() ? 0 : indices_.front();
      View<Geometry> view(heads.subspan(first, indices_.size()), m.tail());
      return work(view);
    }
    struct Copied {
      std::span<typename Geometry::State> to;
      std::span<const std::size_t> indices;
      std::vector<typename Geometry::State> heads;
      ~Copied() {
        for (std::size_t i = 0; i < indices.size(); ++i) to[indices[i]] = heads[i];
      }
    } copied{heads, indices_, {}};
    for (const std::size_t i : indices_) copied.heads.push_back(heads[i]);
    View<Geometry> view(copied.heads, m.tail());
    return work(view);
  }

 private:
  explicit Heads(std::vector<std::size_t> indices);

  std::vector<std::size_t> indices_;
  std::size_t largest_ = 0;
  bool adjacent_ = true;
};

/// Throws if two of them share a head.
void check_disjoint(std::initializer_list<Heads> sets);

}  // namespace transom::stack
