// trace_cosim.cpp — a trace through every decoder there is, in lockstep with the golden model.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/trace_cosim.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/workbench/inputs.hpp"
#include "transom/workbench/wave.hpp"
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_decoder.hpp"
#endif

namespace transom::workbench {

TraceCosim::TraceCosim(const TraceCosimOptions& options, std::span<const CodedTensor> tensors)
    : options_(options), units_(tensors, options.n_lanes, options.table_log, options.max_rows) {
  for (const Decoder& d : decoders()) {
    if (d.why_not().empty()) running_.push_back(&d);
  }
}

std::vector<std::string> TraceCosim::cycle_decoders() const {
  std::vector<std::string> names;
  for (const Decoder* d : running_) {
    if (d->run != nullptr) names.emplace_back(d->name);
  }
  return names;
}

void TraceCosim::find(const CodedTensor& tensor, const std::string& what) {
  findings_.push_back("tensor '" + tensor.name + "': " + what);
}

Figures TraceCosim::run(const CodedTensor& tensor, const CodedTensor& damaged,
                        const std::optional<verify::Fault>& fault) {
  const Decoded want = decode(tensor);
  if (want.status != Status::kOk) {
    throw DataError("tensor '" + tensor.name + "': " + std::string(status_name(want.status)) +
                    "; the file is damaged, encode it again");
  }
  Figures figures;
  figures.values = want.values.size();
  figures.raw_bytes = raw_bytes(tensor);
  figures.coded_bytes = record_bytes(tensor).coded();
  figures.entropy_bits =
      golden::entropy_bits(want.values, tensor.dtype) * static_cast<double>(want.values.size());
  for (const std::string& decoder : cycle_decoders()) figures.count_cycles(decoder, 0);

  std::optional<unit::Job> job;
  if (unit::why_not_a_job(tensor).empty()) {
    job = unit::make_job(damaged);
    if (fault) fault->apply_to_table(*job);
  }
  std::optional<LockstepRun> first;  // what the others must be equal to, cycle by cycle
  for (const Decoder* decoder : running_) {
    if (!decoder->why_not_tensor(tensor).empty()) continue;
    if (decoder->run == nullptr) {
      compare(figures, *decoder, tensor, want, decoder->decode(damaged));
    } else {
      run_cycles(figures, *decoder, tensor, *job, first);
    }
  }
  return figures;
}

/// A decoder that only decodes: values and verdicts.
void TraceCosim::compare(Figures& figures, const Decoder& decoder, const CodedTensor& tensor,
                         const Decoded& golden, const Decoded& got) {
  std::size_t n_wrong = 0, first_wrong = 0;
  std::string what = "status: want " + std::string(status_name(golden.status));
  for (std::size_t i = golden.values.size(); i-- > 0;) {
    if (got.values[i] != golden.values[i]) {
      ++n_wrong;
      first_wrong = i;
    }
  }
  if (n_wrong != 0) {
    const StreamLayout layout = tensor.layout();
    const std::size_t turn = first_wrong / layout.chunk;
    what = "stream " + std::to_string(turn % layout.n_streams) + ", index " +
           std::to_string(turn / layout.n_streams * layout.chunk + first_wrong % layout.chunk) +
           ", value " + std::to_string(first_wrong) + " of the tensor: value: want " +
           std::to_string(golden.values[first_wrong]) + ", got " +
           std::to_string(got.values[first_wrong]);
  } else if (got.status != golden.status) {
    n_wrong = 1;
  }
  figures.mismatches += n_wrong;
  if (n_wrong == 0) return;
  find(tensor, std::string(decoder.name) + ": " + what + " (status " +
                   std::string(status_name(got.status)) + ")");
}

/// A decoder that tells each clock: in lockstep, and in time with the first of its sort.
void TraceCosim::run_cycles(Figures& figures, const Decoder& decoder, const CodedTensor& tensor,
                            const unit::Job& job, std::optional<LockstepRun>& first) {
  const unit::UnitShape shape = units_.of(job.kind);
  const unit::Job golden = unit::make_job(tensor);
  LockstepRun got = run_in_lockstep(decoder, shape, {&job, 1}, {&golden, 1}, options_.pressure,
                                    options_.coverage);
  const std::string name(decoder.name);
  figures.count_cycles(name, got.run.cycles);
  figures.mismatches += got.n_mismatches;
  if (!got.finding.empty()) find(tensor, name + ": " + got.finding);
  if (name == "rtl" && got.first) write_wave(tensor, shape, job, got.first->cycle);
  if (!first) {
    figures.stalls = got.run.stalls;
    figures.lane_values = got.run.n_values();
    figures.lane_cycles =
        got.run.cycles * std::min<std::uint64_t>(got.run.streams.size(), shape.n_lanes);
    if (options_.coverage) {
      const auto [groups, is_first] = coverage_.try_emplace(job.kind, got.groups);
      if (!is_first) coverage::add(groups->second, got.groups);
    }
    first = std::move(got);
  } else if (const std::string why = difference(got, *first); !why.empty()) {
    ++figures.mismatches;
    find(tensor, name + ": " + why);
  }
}

/// Runs the RTL again with a wave around the first difference; only the first tensor gets one.
void TraceCosim::write_wave([[maybe_unused]] const CodedTensor& tensor,
                            [[maybe_unused]] const unit::UnitShape& shape,
                            [[maybe_unused]] const unit::Job& job,
                            [[maybe_unused]] std::uint64_t cycle) {
#ifdef TRANSOM_HAVE_RTL
  if (options_.wave.empty() || wave_written_) return;
  const std::uint64_t half = options_.wave_cycles / 2;
  unit::Bench bench(shape, {&job, 1}, options_.pressure);
  Wave wave(options_.wave);
  verilated::run_rtl(
      bench,
      {.wave = wave.path(), .wave_from = cycle - std::min(cycle, half), .wave_to = cycle + half});
  wave.keep();
  wave_written_ = true;
  find(tensor, "wave of the cycles around " + std::to_string(cycle) + " in " + options_.wave);
#endif
}

}  // namespace transom::workbench
