// lockstep.cpp — one golden step per retired symbol, one golden value per value.
// SPDX-License-Identifier: Apache-2.0
#include "lockstep.hpp"

#include <algorithm>
#include <stdexcept>

#include "lane.hpp"

namespace transom {

namespace {

void check_golden_job(const Job& job) {
  check_job(job);
  const std::uint64_t L = std::uint64_t{1} << job.table_log;
  for (std::size_t t = 0; t < L; ++t) {
    const Entry e = to_entry(job.entries[t]);
    if (e.nbits > job.table_log || e.base + (std::uint64_t{1} << e.nbits) > L ||
        e.symbol >= job.rows.size()) {
      throw std::invalid_argument("lockstep: entry " + std::to_string(t) +
                                  " leads out of the table");
    }
  }
}

}  // namespace

std::string to_text(const Mismatch& m) {
  return "cycle " + std::to_string(m.cycle) + ", lane " + std::to_string(m.lane) + ", index " +
         std::to_string(m.index) + ": " + std::string(m.what) + ": want " + std::to_string(m.want) +
         ", got " + std::to_string(m.got);
}

Lockstep::Lockstep(const Job& job) : job_(job) {
  check_golden_job(job);
  for (const JobLane& lane : job.lanes) {
    Golden golden{.decoder = {job.entries.data(), job.table_log},
                  .symbols = BitReader(lane.symbol_words),
                  .offsets = BitReader(lane.offset_words),
                  .n_values = lane.n_values,
                  .n_symbol_bits = std::uint64_t{lane.symbol_words.size()} * kWordBits};
    if (lane.n_values != 0) golden.decoder.start(golden.symbols);
    lanes_.push_back(golden);
  }
}

void Lockstep::mismatch(const Mismatch& what) {
  if (n_mismatches_++ == 0) first_ = what;
}

void Lockstep::retire(std::uint64_t cycle, unsigned lane, const Retire& got,
                      std::uint64_t words_taken) {
  Golden& golden = lanes_[lane];
  const std::uint64_t index = golden.n_retired;
  if (index == golden.n_values) {
    return mismatch({cycle, lane, index, "count", golden.n_values, index + 1});
  }
  // Past its end a stream has no position: hardware stays there, the model counts on.
  const std::uint64_t position = std::min(golden.symbols.position(), golden.n_symbol_bits);
  const std::uint64_t got_position = words_taken * kWordBits - got.fill;
  const Entry want = decode_step(golden.decoder.table, golden.decoder.t, golden.symbols);
  golden.held = want.symbol;
  ++golden.n_retired;
  ++n_compared_;
  if (got.symbol != want.symbol) {
    mismatch({cycle, lane, index, "symbol", want.symbol, got.symbol});
  } else if (got.nbits != want.nbits) {
    mismatch({cycle, lane, index, "nbits", want.nbits, got.nbits});
  } else if (got.state != golden.decoder.t) {
    mismatch({cycle, lane, index, "state", golden.decoder.t, got.state});
  } else if (got_position != position) {
    mismatch({cycle, lane, index, "position", position, got_position});
  }
}

void Lockstep::value(std::uint64_t cycle, unsigned lane, value_t got) {
  Golden& golden = lanes_[lane];
  const std::uint64_t index = golden.n_left;
  if (index + 1 != golden.n_retired) {
    return mismatch({cycle, lane, index, "count", golden.n_retired, index + 1});
  }
  const Row row = to_row(job_.rows[golden.held]);
  const auto want = static_cast<value_t>(row.vmin + golden.offsets.read(row.offset_bits));
  ++golden.n_left;
  ++n_compared_;
  if (got != want) mismatch({cycle, lane, index, "value", want, got});
}

void Lockstep::finish(std::uint64_t cycle, unsigned lane, Status got) {
  const Golden& golden = lanes_[lane];
  if (golden.n_left != golden.n_values) {
    return mismatch({cycle, lane, golden.n_left, "count", golden.n_values, golden.n_left});
  }
  const Status want = lane_status(golden.decoder.at_end(), golden.symbols, golden.offsets);
  if (got != want) {
    mismatch({cycle, lane, golden.n_left, "status", static_cast<std::uint64_t>(want),
              static_cast<std::uint64_t>(got)});
  }
}

std::string Lockstep::text() const {
  if (!first_) return "0 mismatches";
  return std::to_string(n_mismatches_) + " mismatches, the first in " + to_text(*first_);
}

}  // namespace transom
