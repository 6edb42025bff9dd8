// parameters.cpp — see parameters.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/fed/parameters.hpp"

#include <algorithm>

#include "transom/base/precondition.hpp"

namespace transom::fed {
namespace {

constexpr std::uint32_t kNoPlace = UINT32_MAX;
constexpr std::uint32_t kPlaceBytes = 2;

std::uint32_t bytes_below(std::uint32_t R) { return (R + 7) / 8; }

}  // namespace

void check_shape(const FedShape& s) {
  const auto within = [](const char* field, std::uint32_t value, std::uint32_t least,
                         std::uint32_t most) {
    require_range("check_shape", field, value, least, most);
  };
  within("bytes_per_cycle", s.bytes_per_cycle, 1, 4096);
  within("buffer_bytes", s.buffer_bytes, 0, 1u << 20);
  within("tables", s.tables, 1, 1u << 14);
  within("compares", s.compares, 1, 1u << 16);
  within("divide_bits", s.divide_bits, 1, 62);
  within("latency", s.latency, 0, 1u << 30);
}

Sender::Sender(const vae::Run& run, const FedShape& shape)
    : run_(&run),
      shape_(shape),
      place_of_(run.tables.size(), kNoPlace),
      table_at_(shape.tables),
      named_at_(shape.tables) {
  check_shape(shape);
}

bool Sender::released(std::size_t step) const {
  return !run_->steps[step].waits ||
         (n_retired_ == step && (step == 0 || since_ >= shape_.latency));
}

void Sender::name_table(std::uint32_t table, Parameters& parameters) {
  const vae::SlotTable& wanted = run_->tables[table];
  if (wanted.n_symbols() == 2) {
    parameters.starts = wanted.starts;
    parameters.bytes = bytes_below(wanted.R);
    return;
  }
  parameters.in_store = true;
  parameters.bytes = kPlaceBytes;
  std::uint32_t& place = place_of_[table];
  if (place == kNoPlace) {
    const auto oldest = std::min_element(named_at_.begin(), named_at_.end());
    place = static_cast<std::uint32_t>(oldest - named_at_.begin());
    if (table_at_[place]) place_of_[*table_at_[place]] = kNoPlace;
    table_at_[place] = table;
    parameters.starts = wanted.starts;
    const auto n = static_cast<std::uint32_t>(wanted.starts.size()) * bytes_below(wanted.R);
    parameters.bytes += n;
    n_table_bytes_ += n;
    ++n_loads_;
  }
  named_at_[place] = ++n_named_;
  parameters.place = place;
}

void Sender::begin() {
  const vae::RunStep& step = run_->steps[n_come_];
  Parameters parameters;
  parameters.op = step.op;
  parameters.R = step.R;
  if (step.op == vae::Op::kPopTable) {
    name_table(step.table, parameters);
  } else if (step.op == vae::Op::kPush) {
    parameters.start = step.start;
    parameters.freq = step.freq;
    parameters.bytes = 2 * bytes_below(step.R);
  }
  left_ = parameters.bytes;
  sent_.push_back(std::move(parameters));
  coming_ = true;
}

void Sender::clock() {
  std::uint32_t free = shape_.bytes_per_cycle;
  while (n_come_ < run_->steps.size() && released(n_come_)) {
    if (!coming_) begin();
    const bool first = n_come_ == n_retired_;  // its bytes go to where they are used
    std::uint64_t n = std::min(left_, free);
    if (!first) {
      n = std::min(n, shape_.buffer_bytes - buffered_);
      buffered_ += n;
    }
    free -= static_cast<std::uint32_t>(n);
    left_ -= static_cast<std::uint32_t>(n);
    n_bytes_ += n;
    if (left_ != 0) break;
    coming_ = false;
    ++n_come_;
  }
  ++since_;
}

Parameters Sender::take() {
  require_range("Sender::take", "steps that have come", n_come_, n_taken_ + 1, UINT64_MAX);
  Parameters parameters = std::move(sent_.front());
  sent_.pop_front();
  ++n_taken_;
  return parameters;
}

void Sender::retire() {
  ++n_retired_;
  since_ = 0;
  if (sent_.empty()) return;
  const std::uint32_t came = sent_.front().bytes - (n_come_ == n_retired_ ? left_ : 0);
  buffered_ -= came;
}

}  // namespace transom::fed
