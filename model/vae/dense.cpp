// dense.cpp — products of integers, by the widest instructions that there are.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/dense.hpp"

#include <algorithm>
#include <limits>

#include "transom/base/isa.hpp"
#include "transom/base/precondition.hpp"

namespace transom::vae {
namespace {

struct Rows {
  const std::int16_t* weights;
  const std::int32_t* bias;
  const std::int32_t* multipliers;
  std::size_t n, stride;
  unsigned shift;
  std::int32_t low, high;
};

[[gnu::always_inline]] inline void apply_rows(const Rows& rows, const std::int16_t* x,
                                              std::int16_t* y) {
  const std::int64_t half = rows.shift == 0 ? 0 : std::int64_t{1} << (rows.shift - 1);
  for (std::size_t i = 0; i < rows.n; ++i) {
    const std::int16_t* w = rows.weights + i * rows.stride;
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < rows.stride; ++j) sum += std::int32_t{w[j]} * x[j];
    sum += rows.bias[i];
    const std::int64_t scaled = (std::int64_t{sum} * rows.multipliers[i] + half) >> rows.shift;
    y[i] = static_cast<std::int16_t>(std::clamp<std::int64_t>(scaled, rows.low, rows.high));
  }
}

void apply_portable(const Rows& rows, const std::int16_t* x, std::int16_t* y) {
  apply_rows(rows, x, y);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void apply_avx2(const Rows& rows, const std::int16_t* x, std::int16_t* y) {
  apply_rows(rows, x, y);
}
#endif

auto chosen() {
#if defined(__x86_64__)
  if (isa() >= Isa::kAvx2) return apply_avx2;
#endif
  return apply_portable;
}

}  // namespace

std::string what_is_wrong(const Layer& layer, std::int32_t max_input) {
  if (layer.low > layer.high) return "low: is above high";
  if (layer.shift > Layer::kMaxShift) return "shift: must be 0..62";
  const std::size_t columns = layer.columns();
  for (std::size_t i = 0; i < layer.rows(); ++i) {
    const auto in_row = [&](const char* field, const std::string& why) {
      return std::string(field) + '[' + std::to_string(i) + "]: " + why;
    };
    if (layer.multipliers[i] < 0) return in_row("multipliers", "must not be negative");
    // The largest magnitude of any part of the row's sum: below 2^15 2^15 2^16 + 2^31.
    std::int64_t most = std::abs(std::int64_t{layer.bias[i]});
    for (std::size_t j = 0; j < columns; ++j) {
      most += std::abs(std::int64_t{layer.weights[i * columns + j]}) * max_input;
    }
    if (most > std::numeric_limits<std::int32_t>::max()) {
      return in_row("weights", "a sum may reach " + std::to_string(most) + ", over 2^31 - 1");
    }
  }
  return {};
}

Dense::Dense(const Layer& layer)
    : low_(layer.low),
      high_(layer.high),
      shift_(layer.shift),
      stride_(padded(layer.columns())),
      bias_(layer.bias),
      multipliers_(layer.multipliers),
      weights_(layer.rows() * stride_) {
  const auto columns = static_cast<std::ptrdiff_t>(layer.columns());
  for (std::size_t i = 0; i < layer.rows(); ++i) {
    const auto from = layer.weights.begin() + static_cast<std::ptrdiff_t>(i) * columns;
    std::copy(from, from + columns, weights_.begin() + static_cast<std::ptrdiff_t>(i * stride_));
  }
}

void Dense::apply(std::span<const std::int16_t> x, std::span<std::int16_t> y) const {
  static const auto apply_here = chosen();
  require_range("Dense::apply", "number of inputs", x.size(), stride_, stride_);
  require_range("Dense::apply", "number of outputs", y.size(), rows(), SIZE_MAX);
  apply_here(
      {weights_.data(), bias_.data(), multipliers_.data(), rows(), stride_, shift_, low_, high_},
      x.data(), y.data());
}

}  // namespace transom::vae
