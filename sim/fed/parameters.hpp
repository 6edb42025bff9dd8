// parameters.hpp — what comes from the network's side for one step, and how it comes.
//
// Numbers below 2^R are sent in whole bytes. A table of two symbols is one number; a larger one is
// named by its place in the unit's store (two bytes), behind which its starts follow unless they
// are there. The sender keeps the books: what is put where the least recently named table lies.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "transom/fed/shape.hpp"
#include "transom/vae/run/run.hpp"

namespace transom::fed {

struct Parameters {
  vae::Op op = vae::Op::kPopUniform;
  std::uint32_t R = 0;
  std::vector<std::uint32_t> starts;  ///< of a table of two symbols, or one to be stored
  std::uint32_t place = 0;            ///< of a larger table
  bool in_store = false;              ///< the table is larger than two
  std::uint32_t start = 0, freq = 0;  ///< of a push
  std::uint32_t bytes = 0;            ///< that this takes
};

/// Parameters of the steps of a run, in order.
class Sender {
 public:
  Sender(const vae::Run& run, const FedShape& shape);

  /// All parameters of the next step have come. It is not yet taken.
  bool is_there() const { return n_taken_ < n_come_; }
  /// What is missing begins with what a network has not put out yet.
  bool waits_for_network() const {
    return n_come_ < run_->steps.size() && run_->steps[n_come_].waits && !coming_;
  }
  /// Throws if they are not there.
  Parameters take();
  /// The step that was taken is done.
  void retire();
  /// The end of a cycle: bytes come in.
  void clock();

  std::uint64_t n_bytes() const { return n_bytes_; }
  std::uint64_t n_table_bytes() const { return n_table_bytes_; }
  std::uint64_t n_loads() const { return n_loads_; }
  std::uint64_t n_named() const { return n_named_; }  ///< tables, loaded or there already

 private:
  bool released(std::size_t step) const;
  /// Those of the step that comes next, begun to be sent.
  void begin();
  void name_table(std::uint32_t table, Parameters& parameters);

  const vae::Run* run_;
  FedShape shape_;
  std::deque<Parameters> sent_;  ///< not taken; the last of them may be still coming
  std::size_t n_come_ = 0;       ///< steps whose parameters have all come
  std::size_t n_taken_ = 0;
  std::size_t n_retired_ = 0;
  std::uint32_t left_ = 0;               ///< bytes of the step that is coming
  bool coming_ = false;                  ///< sent_.back() is
  std::uint64_t buffered_ = 0;           ///< bytes of steps behind the first that is not retired
  std::uint64_t since_ = 0;              ///< cycles since the last step retired
  std::vector<std::uint32_t> place_of_;  ///< of a table, or none
  std::vector<std::optional<std::uint32_t>> table_at_;  ///< in a place
  std::vector<std::uint64_t> named_at_;                 ///< when, of a place
  std::uint64_t n_bytes_ = 0, n_table_bytes_ = 0, n_loads_ = 0, n_named_ = 0;
};

}  // namespace transom::fed
