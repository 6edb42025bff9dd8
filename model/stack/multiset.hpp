// multiset.hpp — sets without an order, for the price of one: log2(n! / (n_1! n_2! ...)) bits less.
//
// D. Severo et al., arXiv:2107.09202: the encoder pops which symbol comes next, without
// replacement, and so takes back what an order would cost; the decoder, who has the symbols, pushes
// it again. A tree of counts, balanced by weight, finds ranges and owners in log(n) steps.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>

#include "transom/stack/distribution.hpp"

namespace transom::stack {

/// Symbols with their numbers, in order. A search tree in an array; removed symbols keep their
/// node, with a number of 0.
template <class T, class Less = std::less<T>>
class CountedSet {
 public:
  explicit CountedSet(Less less = {}) : less_(std::move(less)) {}

  std::uint32_t size() const { return size_at(root_); }
  void insert(const T& symbol) { root_ = insert_at(root_, symbol); }
  /// Throws unless it is there.
  void erase(const T& symbol) {
    if (range_of(symbol).freq == 0) refuse("CountedSet::erase", "symbol", "one", "must be there");
    for (Index i = root_;;) {
      Node& node = nodes_[i];
      --node.size;
      if (less_(symbol, node.symbol)) {
        i = node.left;
      } else if (less_(node.symbol, symbol)) {
        i = node.right;
      } else {
        return;
      }
    }
  }
  /// How many are less, and how many of it there are.
  RansRange range_of(const T& symbol) const {
    std::uint32_t below = 0;
    for (Index i = root_; i != kNone;) {
      const Node& node = nodes_[i];
      if (less_(symbol, node.symbol)) {
        i = node.left;
      } else if (less_(node.symbol, symbol)) {
        below += node.size - size_at(node.right);
        i = node.right;
      } else {
        return {below + size_at(node.left), own(node)};
      }
    }
    return {below, 0};
  }
  /// The symbol at a place < size() (throws) of all in order, and its range.
  Owner<T> owner_of(std::uint32_t place) const {
    require_range("CountedSet::owner_of", "place + 1", std::uint64_t{place} + 1, 1, size());
    std::uint32_t below = 0;
    for (Index i = root_;;) {
      const Node& node = nodes_[i];
      const std::uint32_t from = below + size_at(node.left), to = from + own(node);
      if (place < from) {
        i = node.left;
      } else if (place >= to) {
        below = to;
        i = node.right;
      } else {
        return {node.symbol, {from, own(node)}};
      }
    }
  }
  /// Steps from the root to the lowest node.
  std::size_t depth() const { return depth_at(root_); }

 private:
  using Index = std::uint32_t;
  static constexpr Index kNone = ~Index{0};
  struct Node {
    T symbol;
    std::uint32_t size;     ///< symbols of the whole subtree
    std::uint32_t n_nodes;  ///< its nodes, those of number 0, too: what is balanced
    Index left, right;
  };

  std::uint32_t size_at(Index i) const { return i == kNone ? 0 : nodes_[i].size; }
  std::uint32_t nodes_at(Index i) const { return i == kNone ? 0 : nodes_[i].n_nodes; }
  std::uint32_t own(const Node& n) const { return n.size - size_at(n.left) - size_at(n.right); }
  std::size_t depth_at(Index i) const {
    return i == kNone ? 0 : 1 + std::max(depth_at(nodes_[i].left), depth_at(nodes_[i].right));
  }

  Index insert_at(Index i, const T& symbol) {
    if (i == kNone) {
      nodes_.push_back({symbol, 1, 1, kNone, kNone});
      return static_cast<Index>(nodes_.size() - 1);
    }
    ++nodes_[i].size;
    if (less_(symbol, nodes_[i].symbol)) {
      const Index left = insert_at(nodes_[i].left, symbol);
      nodes_[i].left = left;
    } else if (less_(nodes_[i].symbol, symbol)) {
      const Index right = insert_at(nodes_[i].right, symbol);
      nodes_[i].right = right;
    } else {
      return i;
    }
    return balanced(i);
  }
  /// Y. Hirai, K. Yamamoto, "Balancing weight-balanced trees" (2011): neither side is more than
  /// three times as heavy as the other; a single rotation where the inner grandchild is lighter
  /// than twice the outer one.
  Index balanced(Index i) {
    nodes_[i].n_nodes = 1 + nodes_at(nodes_[i].left) + nodes_at(nodes_[i].right);
    for (const bool right : {false, true}) {
      const Index heavy = child(i, right), light = child(i, !right);
      if (nodes_at(heavy) + 1 <= 3 * (nodes_at(light) + 1)) continue;
      if (nodes_at(child(heavy, !right)) + 1 >= 2 * (nodes_at(child(heavy, right)) + 1)) {
        child(i, right) = rotated(heavy, !right);
      }
      return rotated(i, right);
    }
    return i;
  }
  Index& child(Index i, bool right) { return right ? nodes_[i].right : nodes_[i].left; }
  /// The child of that side takes the node's place.
  Index rotated(Index i, bool right) {
    const Index up = child(i, right);
    const std::uint32_t moved_size = own(nodes_[i]), up_size = own(nodes_[up]);
    child(i, right) = child(up, !right);
    child(up, !right) = i;
    for (const auto& [at, own_size] : {std::pair{i, moved_size}, std::pair{up, up_size}}) {
      Node& node = nodes_[at];
      node.size = own_size + size_at(node.left) + size_at(node.right);
      node.n_nodes = 1 + nodes_at(node.left) + nodes_at(node.right);
    }
    return up;
  }

  std::vector<Node> nodes_;
  Index root_ = kNone;
  Less less_;
};

/// n symbols without an order: what is popped is sorted. Which one comes next is coded on the first
/// head.
template <Codec C, class Less = std::less<typename C::Symbol>>
class Multiset {
 public:
  using Symbol = std::vector<typename C::Symbol>;
  /// n = 0 .. 2^31 (throws)
  Multiset(C codec, std::size_t n, Less less = {}) : codec_(std::move(codec)), n_(n), less_(less) {
    require_range("multiset", "n", n, 0, std::uint32_t{1} << 31);
  }

  /// Throws unless there are n symbols.
  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    require_range("multiset", "number of symbols", symbols.size(), n_, n_);
    CountedSet<typename C::Symbol, Less> left(less_);
    for (const auto& symbol : symbols) left.insert(symbol);
    View<typename M::Geometry> first(m.heads().first(1), m.tail());
    while (left.size() != 0) {
      const std::uint32_t size = left.size();
      typename C::Symbol symbol{};
      pop_any(first, {&size, 1}, [&](std::size_t, std::uint32_t place) {
        const auto owner = left.owner_of(place);
        symbol = owner.symbol;
        return RansSlot{0, owner.range.freq, place - owner.range.cum};
      });
      left.erase(symbol);
      codec_.push(m, symbol);
    }
  }
  template <Stack M>
  Symbol pop(M& m) const {
    CountedSet<typename C::Symbol, Less> found(less_);
    View<typename M::Geometry> first(m.heads().first(1), m.tail());
    Symbol symbols;
    for (std::size_t i = 0; i < n_; ++i) {
      symbols.push_back(codec_.pop(m));
      found.insert(symbols.back());
      const std::uint32_t size = found.size();
      const RansRange range = found.range_of(symbols.back());
      push_any(first, {&range, 1}, {&size, 1});
    }
    std::sort(symbols.begin(), symbols.end(), less_);
    return symbols;
  }

 private:
  C codec_;
  std::size_t n_;
  Less less_;
};
template <Codec C, class Less = std::less<typename C::Symbol>>
Multiset<C, Less> multiset(C codec, std::size_t n, Less less = {}) {
  return {std::move(codec), n, std::move(less)};
}

}  // namespace transom::stack
