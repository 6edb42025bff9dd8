// unit.cpp — see unit.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/fed/unit.hpp"

#include <algorithm>

#include "transom/base/bits.hpp"
#include "transom/base/precondition.hpp"

namespace transom::fed {
namespace {

constexpr unsigned kStateBits = 63;
constexpr std::uint64_t kLower = std::uint64_t{1} << 31;

}  // namespace

FedUnit::FedUnit(const FedShape& shape, std::uint64_t head, stack::Words words)
    : shape_(shape), x_(head), words_(std::move(words)), store_(shape.tables) {
  check_shape(shape);
  require_range("FedUnit", "head", head, kLower, (std::uint64_t{1} << kStateBits) - 1);
}

void FedUnit::begin(Parameters parameters) {
  require_range("FedUnit::begin", "steps that are not done", std::uint64_t{busy_}, 0, 0);
  step_ = std::move(parameters);
  busy_ = true;
  if (step_.op == vae::Op::kPush) {
    if (x_ >> (kStateBits - step_.R) >= step_.freq) {
      words_.push_back(static_cast<std::uint32_t>(x_));
      x_ >>= 32;
      ++n_words_out_;
    }
    bits_left_ = kStateBits - step_.R;  // the quotient's, since x < freq 2^(63 - R)
    quotient_ = 0;
    remainder_ = x_ >> bits_left_;
  } else if (step_.op == vae::Op::kPopTable) {
    if (step_.in_store && !step_.starts.empty()) store_[step_.place].swap(step_.starts);
    starts_ = step_.in_store ? &store_[step_.place] : &step_.starts;
    low_ = 0;
    n_left_ = static_cast<std::uint32_t>(starts_->size()) + 1;
  }
}

std::uint32_t FedUnit::start_of(std::uint32_t symbol) const {
  if (symbol == 0) return 0;
  return symbol > starts_->size() ? 1u << step_.R : (*starts_)[symbol - 1];
}

/// The symbols that are left, cut into compares + 1 parts: the last part whose start is not above
/// the slot stays. All parts are of one size, so that a table of n symbols takes the same cycles
/// for each; what lies behind the last symbol is above any slot.
void FedUnit::look() {
  const std::uint32_t slot = static_cast<std::uint32_t>(x_) & low_bits(step_.R);
  const std::uint64_t n_parts = std::uint64_t{shape_.compares} + 1;
  const auto part = static_cast<std::uint32_t>((n_left_ + n_parts - 1) / n_parts);
  const std::uint32_t end = low_ + n_left_;
  for (std::uint32_t at = low_ + part; at < end && at <= starts_->size(); at += part) {
    if ((*starts_)[at - 1] <= slot) low_ = at;
  }
  n_left_ = part;
}

/// Restoring division, a bit after the other.
void FedUnit::divide() {
  for (std::uint32_t i = 0; i < shape_.divide_bits && bits_left_ > 0; ++i) {
    --bits_left_;
    remainder_ = remainder_ << 1 | (x_ >> bits_left_ & 1);
    quotient_ <<= 1;
    if (remainder_ >= step_.freq) {
      remainder_ -= step_.freq;
      quotient_ |= 1;
    }
  }
}

FedUnit::Retired FedUnit::pop(std::uint32_t symbol, RansRange range) {
  const std::uint32_t slot = static_cast<std::uint32_t>(x_) & low_bits(step_.R);
  x_ = range.freq * (x_ >> step_.R) + slot - range.cum;
  if (x_ < kLower) {
    underflowed_ |= words_.empty();
    x_ = x_ << 32 | (words_.empty() ? 0 : words_.back());
    if (!words_.empty()) words_.pop_back();
    ++n_words_in_;
  }
  return retire(symbol);
}

FedUnit::Retired FedUnit::retire(std::uint32_t symbol) {
  busy_ = false;
  return {symbol, x_};
}

std::optional<FedUnit::Retired> FedUnit::clock() {
  require_range("FedUnit::clock", "steps to do", std::uint64_t{busy_}, 1, 1);
  switch (step_.op) {
    case vae::Op::kPopUniform: {
      const std::uint32_t slot = static_cast<std::uint32_t>(x_) & low_bits(step_.R);
      return pop(slot, {slot, 1});
    }
    case vae::Op::kPopTable:
      look();
      if (n_left_ > 1) return std::nullopt;
      return pop(low_, {start_of(low_), start_of(low_ + 1) - start_of(low_)});
    case vae::Op::kPush:
      divide();
      if (bits_left_ > 0) return std::nullopt;
      x_ = (quotient_ << step_.R) + remainder_ + step_.start;
      break;
  }
  return retire(0);
}

}  // namespace transom::fed
