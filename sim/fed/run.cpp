// run.cpp — see run.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/fed/run.hpp"

#include <algorithm>

namespace transom::fed {
namespace {

std::string place_of(const vae::Run& run, std::size_t step) {
  const std::size_t image = step / run.image_steps, at = step % run.image_steps;
  std::string text = "image " + std::to_string(image) + ", ";
  if (at < run.first_pixel) {
    text += "prior " + std::to_string(at);
  } else if (at - run.first_pixel < run.n_pixels) {
    text += "pixel " + std::to_string(at - run.first_pixel);
  } else {
    text += "posterior " + std::to_string(at - run.first_pixel - run.n_pixels);
  }
  return text + " (step " + std::to_string(step) + ")";
}

void note(FedResult& result, const std::string& where, const char* what, std::uint64_t want,
          std::uint64_t got) {
  ++result.mismatches;
  if (!result.first.empty()) return;
  result.first =
      where + ": " + what + ": want " + std::to_string(want) + ", got " + std::to_string(got);
}

void compare_step(const vae::Run& run, std::size_t i, const FedUnit::Retired& got, bool underflow,
                  FedResult& result) {
  const vae::RunStep& want = run.steps[i];
  if (got.symbol != want.symbol) {
    note(result, place_of(run, i), "symbol", want.symbol, got.symbol);
  } else if (underflow) {
    note(result, place_of(run, i), "words left for a refill", 1, 0);
  } else if (got.state != want.state) {
    note(result, place_of(run, i), "state", want.state, got.state);
  }
}

void compare_words(const stack::Words& want, const stack::Words& got, FedResult& result) {
  if (want.size() != got.size()) note(result, "at the end", "words left", want.size(), got.size());
  for (std::size_t i = 0; i < std::min(want.size(), got.size()); ++i) {
    if (want[i] != got[i])
      note(result, "word " + std::to_string(i) + " that is left", "value", want[i], got[i]);
  }
}

}  // namespace

FedResult run_fed(const vae::Run& run, const FedShape& shape) {
  Sender sender(run, shape);
  FedUnit unit(shape, run.head, run.words);
  FedResult result;
  const auto count = [&](std::size_t i) -> std::uint64_t& {
    const std::size_t at = i % run.image_steps;
    if (run.steps[i].op == vae::Op::kPush) return result.push_cycles;
    const bool pixel = at >= run.first_pixel && at - run.first_pixel < run.n_pixels;
    return pixel ? result.pixel_cycles : result.pop_cycles;
  };
  for (std::size_t i = 0; i < run.steps.size();) {
    ++result.cycles;
    if (!unit.is_busy() && sender.is_there()) unit.begin(sender.take());
    if (unit.is_busy()) {
      ++count(i);
      if (const auto retired = unit.clock()) {
        compare_step(run, i, *retired, unit.underflowed(), result);
        sender.retire();
        ++i;
      }
    } else {
      ++(sender.waits_for_network() ? result.network_waits : result.parameter_waits);
    }
    sender.clock();
  }
  compare_words(run.words_left, unit.words(), result);
  result.parameter_bytes = sender.n_bytes();
  result.table_bytes = sender.n_table_bytes();
  result.tables_named = sender.n_named();
  result.tables_loaded = sender.n_loads();
  result.words_in = unit.n_words_in();
  result.words_out = unit.n_words_out();
  return result;
}

FedTables tables_of(const vae::Run& run) {
  FedTables tables;
  for (const vae::SlotTable& table : run.tables) {
    if (table.n_symbols() == 2) {
      ++tables.n_pairs;
      continue;
    }
    ++tables.n_tables;
    tables.most_symbols = std::max<std::uint64_t>(tables.most_symbols, table.n_symbols());
    tables.place_bits = std::max<std::uint64_t>(tables.place_bits, table.starts.size() * table.R);
  }
  return tables;
}

}  // namespace transom::fed
