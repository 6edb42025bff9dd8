// lanes.hpp — distributions of any kind as one class of Python's: a symbol per head, or one after
// the other on the first.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stack.hpp"
#include "transom/stack/real.hpp"
#include "transom/stack/uniform.hpp"

namespace transom::bind {

class AnyLanes {
 public:
  virtual ~AnyLanes() = default;
  /// Distributions: one for each head, or one for all.
  virtual std::size_t size() const = 0;
  /// One symbol after the other on the first head, if in_turn; else one per head.
  virtual void push(Held& m, nb::handle data, std::size_t n, bool in_turn) const = 0;
  virtual nb::object pop(Held& m, std::size_t n, bool in_turn) const = 0;
  virtual std::vector<std::uint32_t> cdf(std::size_t i) const = 0;
};

/// What Python holds.
struct Lanes {
  std::shared_ptr<const AnyLanes> lanes;
  bool in_turn = false;
  std::size_t n = 0;  ///< symbols, if in turn

  std::size_t n_symbols(const Held& m) const { return in_turn ? n : m.heads.size(); }
};

template <stack::Distribution D>
class LanesOf final : public AnyLanes {
 public:
  explicit LanesOf(std::vector<D> each) : each_(std::move(each)) {}

  std::size_t size() const override { return each_.size(); }

  void push(Held& m, nb::handle data, std::size_t n, bool in_turn) const override {
    const auto symbols = data_of<std::uint32_t>(data, n);
    check("push", n);
    Kept kept(m, 0);
    m.on([&](auto& view) {
      for (std::size_t i = n; i-- > 0;) {
        const D& d = at(i);
        const RansRange range = d.range_of(symbols[i]);
        if (range.freq == 0) refuse_at("push", "data", i, symbols[i], "must have slots");
        stack::push_range(view, in_turn ? 0 : i, range, d.precision());
      }
    });
    kept.done();
  }
  nb::object pop(Held& m, std::size_t n, bool in_turn) const override {
    check("pop", n);
    std::vector<std::uint32_t> symbols;
    symbols.reserve(std::min(n, kReserved));  // a message may hold fewer
    Kept kept(m, n);
    m.on([&](auto& view) {
      for (std::size_t i = 0; i < n; ++i) {
        symbols.push_back(stack::pop_symbol(view, in_turn ? 0 : i, at(i)));
      }
    });
    kept.done();
    return nb::cast(to_numpy(std::move(symbols)));
  }
  std::vector<std::uint32_t> cdf(std::size_t i) const override {
    if constexpr (requires(const D& d) { d.cdf(); }) {
      const auto cdf = each_[i].cdf();
      return {cdf.begin(), cdf.end()};
    } else if constexpr (requires(const D& d) { d.table(); }) {
      const auto table = each_[i].table();
      return {table.cdf().begin(), table.cdf().end()};
    } else if constexpr (std::is_same_v<D, stack::Bernoulli>) {
      const RansRange one = each_[i].range_of(1);
      return {0, one.cum, one.cum + one.freq};
    } else {
      refuse("cdf", "codec", "uniform", "must be of a table: start is the symbol, freq 1");
    }
  }

 private:
  static constexpr std::size_t kReserved = std::size_t{1} << 16;
  const D& at(std::size_t i) const { return each_[each_.size() == 1 ? 0 : i]; }
  void check(std::string_view function, std::size_t n) const {
    if (each_.size() != 1) {
      require_range(function, "number of symbols", n, each_.size(), each_.size());
    }
  }
  std::vector<D> each_;
};

/// make(i) for each of n heads.
template <class Make>
Lanes lanes_of(std::size_t n, Make make) {
  using D = std::invoke_result_t<Make, std::size_t>;
  std::vector<D> each;
  each.reserve(n);
  for (std::size_t i = 0; i < n; ++i) each.push_back(make(i));
  return {std::make_shared<const LanesOf<D>>(std::move(each))};
}

}  // namespace transom::bind
