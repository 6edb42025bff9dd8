// axi_inside.cpp — what the bench compares inside the unit: words that streams take, steps of
// lanes.
// SPDX-License-Identifier: Apache-2.0
#include "transom/system/axi_bench.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <type_traits>

namespace transom::system {

const std::vector<std::uint32_t>& AxiBench::words_of(std::size_t tensor, std::size_t port) const {
  static const std::vector<std::uint32_t> kNone;
  const std::vector<AxiStream>& streams = (*now().tensors)[tensor].streams;
  if (port / 2 >= streams.size()) return kNone;
  return port % 2 == 0 ? streams[port / 2].symbols : streams[port / 2].offsets;
}

void AxiBench::observe_words(const AxiOutputs& out) {
  for (std::size_t port = 0; port < out.words.size(); ++port) {
    const TakenWord& taken = out.words[port];
    if (!taken.valid) continue;
    last_event_ = run_.cycles;
    if (!now().tensors) continue;
    Cursor& at = cursors_[port];
    while (at.tensor < n_tensors() && at.word == words_of(at.tensor, port).size()) {
      ++at.tensor;
      at.word = 0;
    }
    using What = AxiMismatch::What;
    const bool symbols = port % 2 == 0;
    const What what = symbols ? What::kSymbolWord : What::kOffsetWord;
    if (at.tensor == n_tensors()) {
      mismatch(what, at.tensor, port / 2, at.word, 0, taken.word);
      continue;
    }
    const std::vector<std::uint32_t>& words = words_of(at.tensor, port);
    const bool last = at.word + 1 == words.size();
    if (taken.word != words[at.word]) {
      mismatch(what, at.tensor, port / 2, at.word, words[at.word], taken.word);
    } else if (taken.last != last) {
      mismatch(symbols ? What::kSymbolEnd : What::kOffsetEnd, at.tensor, port / 2, at.word, last,
               taken.last);
    }
    ++at.word;
  }
}

/// Whether lanes retire what they should: all the next round, or nothing. Where they do not, each
/// is looked at by itself from here on.
bool AxiBench::is_next_round(const std::vector<LaneStep>& steps) {
  static_assert(std::has_unique_object_representations_v<LaneStep>);
  if (std::none_of(steps.begin(), steps.end(), [](const LaneStep& step) { return step.valid(); })) {
    return true;
  }
  const std::span<const AxiTensor> tensors = *now().tensors;
  const std::size_t n = steps.size();
  while (round_.tensor < tensors.size() &&
         round_.word * n >= tensors[round_.tensor].rounds.size()) {
    ++round_.tensor;
    round_.word = 0;
  }
  if (round_.tensor < tensors.size() &&
      std::memcmp(steps.data(), &tensors[round_.tensor].rounds[round_.word * n],
                  n * sizeof(LaneStep)) == 0) {
    ++round_.word;
    return true;
  }
  for (std::size_t s = 0; s < n; ++s) {
    cursors_[2 * s] = round_;
    if (round_.tensor == tensors.size()) continue;
    cursors_[2 * s].word = std::min(round_.word, tensors[round_.tensor].streams[s].steps.size());
  }
  return false;
}

/// What the lanes of decoder_wide retire, step by step.
void AxiBench::observe_steps(const AxiOutputs& out) {
  if (out.steps.empty() || !now().tensors) return;
  if (in_rounds_ && (in_rounds_ = is_next_round(out.steps))) return;
  static const AxiStream kNone;
  const auto stream_of = [this](std::size_t tensor, std::size_t s) -> const AxiStream& {
    const std::vector<AxiStream>& streams = (*now().tensors)[tensor].streams;
    return s < streams.size() ? streams[s] : kNone;
  };
  using What = AxiMismatch::What;
  for (std::size_t s = 0; s < out.steps.size(); ++s) {
    const LaneStep& got = out.steps[s];
    if (!got.valid()) continue;
    Cursor& at = cursors_[2 * s];
    while (at.tensor < n_tensors() && at.word == stream_of(at.tensor, s).steps.size()) {
      ++at.tensor;
      at.word = 0;
    }
    if (at.tensor == n_tensors()) {
      mismatch(What::kStep, at.tensor, s, at.word, 0, 1);
      continue;
    }
    const AxiStream& stream = stream_of(at.tensor, s);
    const std::size_t i = at.word++;
    const LaneStep& want = stream.steps[i];
    if (got == want) continue;
    if (got.symbol() != want.symbol()) {
      mismatch(What::kSymbol, at.tensor, s, i, want.symbol(), got.symbol());
    } else if (got.position() != want.position()) {
      mismatch(What::kPosition, at.tensor, s, i, want.position(), got.position());
    } else if (got.offset_position() != want.offset_position()) {
      mismatch(What::kOffsetPosition, at.tensor, s, i, want.offset_position(),
               got.offset_position());
    } else {
      mismatch(What::kState, at.tensor, s, i, want.state(), got.state());
    }
    if (run_.n_mismatches != 1) continue;
    run_.first->bit = stream.bit_before(i);
  }
}

}  // namespace transom::system
