// shapes.cpp — tables of beta-binomial distributions in integers (README.md, "Beta-binomial").
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/shapes.hpp"

#include "transom/base/log2.hpp"
#include "transom/base/precondition.hpp"
#include "transom/vae/fixed.hpp"
#include "transom/vae/model.hpp"

namespace transom::vae {
namespace {

constexpr std::size_t kShapes = std::size_t{kMostShape - kLeastShape} + 1;
constexpr std::size_t kMaxValues = ShapeTables::kMaxValues;
/// Logarithms in units of 2^-16.
using Logs = std::array<std::int64_t, kMaxValues>;

/// log2(n), n >= 1, in units of 2^-32, rounded down bit by bit.
std::int64_t log2_exact(std::uint64_t n) {
  const auto zeros = static_cast<unsigned>(std::countl_zero(n));
  return static_cast<std::int64_t>((std::uint64_t{63 - zeros} << 32) +
                                   (log2_detail::log2_by_squaring(n << zeros) >> 31));
}

/// 2^30 2^(i / 4)
std::uint64_t shape_of(int i) {
  const std::uint64_t power = kExp2[static_cast<unsigned>(i & 3) * 64];
  return i >= 0 ? power << (i >> 2) : power >> -(i >> 2);
}

/// [i][k]: the sum of log2(2^(i / 4) + j), j < k, for all i from kLeastShape.
const std::array<Logs, kShapes>& rising() {
  static const auto all = [] {
    std::array<Logs, kShapes> logs{};
    for (std::size_t i = 0; i < kShapes; ++i) {
      const std::uint64_t shape = shape_of(static_cast<int>(i) + kLeastShape);
      std::int64_t sum = 0;
      for (std::uint64_t k = 0; k < kMaxValues; ++k) {
        logs[i][k] = sum >> 16;
        sum += log2_exact(shape + (k << 30)) - (std::int64_t{30} << 32);
      }
    }
    return logs;
  }();
  return all;
}

/// log2 binom(n, k), k = 0 .. n
std::vector<std::int64_t> choices(unsigned n) {
  std::vector<std::int64_t> logs(1);
  std::int64_t sum = 0;
  for (std::uint64_t k = 0; k < n; ++k) {
    sum += log2_exact(n - k) - log2_exact(k + 1);
    logs.push_back(sum >> 16);
  }
  return logs;
}

}  // namespace

ShapeTables::ShapeTables(unsigned R, unsigned n) : R_(R), n_(n), tables_(kShapes * kShapes) {
  require_range("ShapeTables", "R", R, 9, 20);
  require_range("ShapeTables", "n", n, 1, kMaxValues - 1);
  choices_ = choices(n);
}

std::size_t ShapeTables::place(std::int16_t alpha, std::int16_t beta) {
  return static_cast<std::size_t>(alpha - kLeastShape) * kShapes +
         static_cast<std::size_t>(beta - kLeastShape);
}

void ShapeTables::make(std::int16_t alpha, std::int16_t beta) {
  const Logs& a = rising()[static_cast<std::size_t>(alpha - kLeastShape)];
  const Logs& b = rising()[static_cast<std::size_t>(beta - kLeastShape)];
  std::vector<std::int64_t> logs(n_ + 1);
  for (std::size_t k = 0; k <= n_; ++k) logs[k] = choices_[k] + a[k] + b[n_ - k];
  std::vector<std::uint32_t> slots(logs.size());
  slots_of_weights(logs, R_, slots);
  auto table = std::make_unique<Table>();
  table->fill(1u << R_);
  std::uint32_t start = 0;
  for (std::size_t k = 0; k <= n_; ++k) {
    (*table)[k] = start;
    start += slots[k];
  }
  tables_[place(alpha, beta)] = std::move(table);
}

}  // namespace transom::vae
