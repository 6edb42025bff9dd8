// high_counts.cpp — jobs of up to 2^31 values, of which the first are looked at.
// SPDX-License-Identifier: Apache-2.0
#include "high_counts.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string>
#include <tuple>

#include "noise.hpp"
#include "transom/cycle/unit.hpp"
#include "transom/unit/bench.hpp"

namespace transom::mutate {
namespace {

using unit::Job;

constexpr std::uint32_t kFewest = 20, kMost = 60;  // values of each stream

/// Of what counts in this clock.
bool same(const unit::StreamOutputs& a, const unit::StreamOutputs& b) {
  const auto state = [](const unit::StreamOutputs& out) {
    return std::tuple(out.busy, out.job_ready, out.symbol_ready, out.offset_ready, out.value_valid,
                      out.retire_valid, out.done);
  };
  if (state(a) != state(b)) return false;
  if (a.busy && a.stall != b.stall) return false;
  if (a.done && a.status != b.status) return false;
  if (a.value_valid && std::tuple(a.value_two, a.value_last, a.values[0]) !=
                           std::tuple(b.value_two, b.value_last, b.values[0])) {
    return false;
  }
  if (a.value_valid && a.value_two && a.values[1] != b.values[1]) return false;
  const auto step = [](const unit::Retire& r) {
    return std::tuple(r.symbol, r.take, r.fill, r.state);
  };
  return !a.retire_valid || step(a.retire) == step(b.retire);
}

class HighCount final : public Case {
 public:
  HighCount(const unit::UnitShape& shape, const Job& job, std::uint32_t n_values)
      : Case(std::to_string(n_values) + " values are told", "none"),
        shape_(shape),
        job_(job),
        n_values_(n_values) {}
  std::uint64_t clocks() const override { return job_.entries.size() + kMost; }

  Kill run(Make make) const override {
    const std::unique_ptr<verilated::DecoderShape> module(
        static_cast<verilated::DecoderShape*>(make({})));
    const std::unique_ptr<cycle::UnitModel> model = cycle::make_unit(shape_);
    unit::Bench bench(shape_, {&job_, 1});
    Noise noise(shape_);
    unit::UnitInputs in, told;
    unit::UnitOutputs want, got;
    want.streams.resize(shape_.n_streams());
    got.streams.resize(shape_.n_streams());
    while (!bench.done()) {
      bench.drive(in);
      told = in;
      for (unit::StreamInputs& stream : told.streams) stream.n_values = n_values_;
      module->drive(noise(told), got);
      model->clock(told, want);
      for (std::size_t s = 0; s < want.streams.size(); ++s) {
        if (!same(want.streams[s], got.streams[s])) {
          return {"ports", "cycle " + std::to_string(bench.cycle()) + ", stream " +
                               std::to_string(s) + ": not those of the model"};
        }
      }
      bench.observe(in, want);  // which gives up behind the last value that it knows
      module->edge();
    }
    return {};
  }

 private:
  unit::UnitShape shape_;
  Job job_;
  std::uint32_t n_values_;
};

}  // namespace

void add_high_counts(Cases& cases, const unit::UnitShape& shape, const std::vector<Job>& jobs) {
  const auto fits = [&](const Job& job) {
    return !job.keeps_table && job.streams.size() == shape.n_streams() &&
           std::all_of(job.streams.begin(), job.streams.end(), [](const unit::JobStream& stream) {
             return stream.n_values >= kFewest && stream.n_values <= kMost;
           });
  };
  const auto job = std::find_if(jobs.begin(), jobs.end(), fits);
  if (job == jobs.end()) throw std::logic_error("no vector is of a high count's length");
  for (std::uint32_t n = std::bit_ceil(kMost + 1); n != 0; n *= 2) {
    cases.push_back(std::make_unique<HighCount>(shape, *job, n));
  }
}

}  // namespace transom::mutate
