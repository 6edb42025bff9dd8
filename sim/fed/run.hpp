// run.hpp — a recorded run through the fed unit: cycles, what they were spent on, and the first
// step that is not as recorded.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/fed/unit.hpp"

namespace transom::fed {

struct FedResult {
  std::uint64_t cycles = 0;
  std::uint64_t pop_cycles = 0;  ///< of latent variables
  std::uint64_t pixel_cycles = 0;
  std::uint64_t push_cycles = 0;
  std::uint64_t parameter_waits = 0;  ///< cycles that a step waited for its parameters
  std::uint64_t network_waits = 0;    ///< and, of the network, for the first of them
  std::uint64_t parameter_bytes = 0;
  std::uint64_t table_bytes = 0;  ///< of these, of tables to be stored
  std::uint64_t tables_named = 0, tables_loaded = 0;
  std::uint64_t words_in = 0, words_out = 0;
  std::uint64_t mismatches = 0;  ///< steps, and words that are left
  std::string first;             ///< "image 3, pixel 12 (step 4711): symbol: want 1, got 0"
};

/// Throws for a shape that cannot be.
FedResult run_fed(const vae::Run& run, const FedShape& shape);

/// What the tables of a run ask of a store.
struct FedTables {
  std::uint64_t n_tables = 0;      ///< different ones of three symbols and more
  std::uint64_t n_pairs = 0;       ///< of two
  std::uint64_t most_symbols = 0;  ///< of one
  std::uint64_t place_bits = 0;    ///< that a place for any of them has
};
FedTables tables_of(const vae::Run& run);

}  // namespace transom::fed
