// record.cpp — a run of a coder, as what a decoder without its networks is given.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "transom/vae/run/run.hpp"

namespace transom::vae {
namespace {

/// A message of one head that Coder::pop() works on. Of each pop it asks whose every slot is, which
/// is the distribution; the popped slot last, so that what a codec keeps is of that.
class Recorder {
 public:
  using Geometry = Rans64x32;

  Recorder(stack::Message<> message, Run& run) : message_(std::move(message)), run_(&run) {}
  std::span<std::uint64_t> heads() { return message_.heads(); }
  stack::Words& tail() { return message_.tail(); }

  void push(RansRange range, unsigned R) {
    push_range(message_, 0, range, R);
    keep({.op = Op::kPush, .start = range.cum, .freq = range.freq}, R);
  }
  template <class SlotOf>
  void pop(unsigned R, SlotOf&& slot_of) {
    RunStep step;
    pop_slot(message_, 0, R, [&](std::uint32_t slot) {
      if (R != 0) step = step_of(table_of(R, slot_of), slot);
      return slot_of(slot);
    });
    keep(step, R);
  }

 private:
  template <class SlotOf>
  static SlotTable table_of(unsigned R, SlotOf& slot_of) {
    require_range("record_run", "precision", R, 1, kMaxRunLog);
    SlotTable table{R, {}};
    for (std::uint32_t at = slot_of(0).freq; at < 1u << R; at += slot_of(at).freq) {
      require_range("record_run", "symbols", table.starts.size(), 0, kMaxRunSymbols - 2);
      table.starts.push_back(at);
    }
    return table;
  }
  RunStep step_of(const SlotTable& table, std::uint32_t slot) {
    const auto above = std::upper_bound(table.starts.begin(), table.starts.end(), slot);
    RunStep step{.symbol = static_cast<std::uint16_t>(above - table.starts.begin())};
    if (table.n_symbols() == 1u << table.R) return step;
    const auto next = static_cast<std::uint32_t>(run_->tables.size());
    const auto [place, is_new] = places_.try_emplace(table, next);
    if (is_new) run_->tables.push_back(table);
    step.op = Op::kPopTable;
    step.table = place->second;
    return step;
  }
  /// What is of one slot leaves the message as it was: no step.
  void keep(RunStep step, unsigned R) {
    if (R == 0) return;
    step.R = static_cast<std::uint8_t>(R);
    step.state = heads()[0];
    run_->steps.push_back(step);
  }

  stack::Message<> message_;
  Run* run_;
  std::map<SlotTable, std::uint32_t> places_;
};
static_assert(stack::Stack<Recorder>);

void push_range(Recorder& m, std::size_t, RansRange range, unsigned R) { m.push(range, R); }
template <class SlotOf>
void pop_slot(Recorder& m, std::size_t, unsigned R, SlotOf&& slot_of) {
  m.pop(R, slot_of);
}

}  // namespace

Run record_run(Coder& coder, stack::Message<> message, std::uint32_t n_images) {
  require_range("record_run", "number of heads", message.heads().size(), 1, 1);
  require_range("record_run", "number of images", n_images, 1, UINT32_MAX);
  const Model& model = coder.model();
  const bool chooses = model.particles() > 1;
  Run run;
  run.n_images = n_images;
  run.n_pixels = static_cast<std::uint32_t>(model.pixels());
  run.first_pixel = static_cast<std::uint32_t>(chooses + model.latents());
  run.head = message.heads()[0];
  run.words = message.tail();
  Recorder recorder(std::move(message), run);
  std::vector<std::uint8_t> image(model.pixels());
  for (std::uint32_t i = 0; i < n_images; ++i) {
    const std::size_t first = run.steps.size();
    coder.pop(recorder, image);
    run.image_steps = static_cast<std::uint32_t>(run.steps.size() - first);
    run.steps[first + run.first_pixel].waits = true;                 // the generator
    run.steps[first + run.first_pixel + run.n_pixels].waits = true;  // the recogniser
  }
  run.words_left = recorder.tail();
  return run;
}

}  // namespace transom::vae
