// random_host.cpp — software that does with the registers what no driver does.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "surroundings.hpp"

namespace transom::mutate {
namespace {

using namespace system;
using coverage::Draws;

/// Requests of a channel that wait for an answer, at most.
constexpr unsigned kMostWaiting = 2;

class RandomHost final : public Surroundings {
 public:
  RandomHost(const AxiParameters& unit, SharedCase of, std::uint64_t seed, std::uint64_t n_clocks,
             unsigned usually)
      : of_(std::move(of)),
        n_clocks_(n_clocks),
        usually_(usually),
        beat_bytes_(unit.beat_bytes()),
        draws_(seed),
        memory_(of_->pressure, unit.beat_bytes()) {}

  void drive(AxiInputs& in) override {
    in.reset = false;
    drive_memory(in);
    in.tready = draws_() % 3 != 0;
    in.lite_bready = draws_() % 3 != 0;
    in.lite_rready = draws_() % 3 != 0;
    if (!write_) write_ = draw_write();
    aw_ = aw_ || (n_aw_ == n_written_ && n_aw_ < n_b_ + kMostWaiting && draws_() % 4 == 0);
    w_ = w_ || (n_w_ == n_written_ && n_w_ < n_b_ + kMostWaiting && draws_() % 4 == 0);
    in.lite_awvalid = aw_;
    in.lite_awaddr = static_cast<std::uint8_t>(write_->first);
    in.lite_wvalid = w_;
    in.lite_wdata = write_->second;
    in.lite_wstrb = strobe_;
    if (!ar_ && n_ar_ < n_r_ + kMostWaiting && draws_() % 4 == 0) {
      ar_ = true;
      read_ = static_cast<std::uint8_t>(draws_());
    }
    in.lite_arvalid = ar_;
    in.lite_araddr = read_;
  }

  void observe(const AxiInputs& in, const AxiOutputs& out) override {
    if (in.rvalid && out.rready) memory_.sent(beat_bytes_);
    if (out.arvalid && in.arready) memory_.accept(out.araddr, out.arlen + 1u, clock_);
    const auto took = [](bool& valid, bool ready, std::uint64_t& count) {
      if (valid && ready) {
        valid = false;
        ++count;
      }
    };
    took(aw_, out.lite_awready, n_aw_);
    took(w_, out.lite_wready, n_w_);
    took(ar_, out.lite_arready, n_ar_);
    if (n_aw_ > n_written_ && n_w_ > n_written_) {
      ++n_written_;
      write_.reset();
    }
    n_b_ += out.lite_bvalid && in.lite_bready;
    n_r_ += out.lite_rvalid && in.lite_rready;
    ++clock_;
  }
  bool done() const override { return clock_ >= n_clocks_; }
  Kill wrong() const override { return {}; }
  AxiLimits limits() const override { return {}; }
  std::vector<std::uint32_t> told() const override { return {}; }

 private:
  using Write = std::pair<unsigned, std::uint32_t>;

  void drive_memory(AxiInputs& in) {
    memory_.begin(clock_);
    in.arready = memory_.takes_address(clock_);
    in.rvalid = memory_.is_sending();
    if (!in.rvalid) return;
    const AxiMemory::Burst& burst = memory_.burst();
    in.rdata.resize(beat_bytes_ / 4);
    for (std::size_t i = 0; i < in.rdata.size(); ++i) {
      in.rdata[i] = workbench::word_at(of_->image, burst.address + 4 * i - of_->image.base);
    }
    in.rlast = burst.beats == 1;
    in.rresp = unit::mix(burst.address) % 256 == 0 ? 2 : 0;
  }

  /// Mostly what a driver writes, in any order; sometimes anything.
  Write draw_write() {
    const AxiStart& start = of_->starts.front();
    strobe_ = draws_() % 4 == 0 ? static_cast<std::uint8_t>(draws_() % 16) : std::uint8_t{15};
    const std::array<Write, 12> usual{
        {{unsigned(AxiRegister::kControl), draws_() % 32 == 0 ? kAxiAbort : kAxiStart},
         {unsigned(AxiRegister::kControl), draws_() % 2},
         {unsigned(AxiRegister::kDescriptorsLow), static_cast<std::uint32_t>(start.descriptors)},
         {unsigned(AxiRegister::kDescriptorsHigh),
          static_cast<std::uint32_t>(start.descriptors >> 32)},
         {unsigned(AxiRegister::kDescriptorCount), draws_() % 4},
         {unsigned(AxiRegister::kSectionWords), start.section_words},
         {unsigned(AxiRegister::kIrqEnable), draws_() % 4},
         {unsigned(AxiRegister::kIrqStatus), draws_() % 4},
         {unsigned(AxiRegister::kWindowBase) + 4 * (draws_() % 2), 0},
         {unsigned(AxiRegister::kWindowLimit) + 4 * (draws_() % 2), ~0u},
         {unsigned(AxiRegister::kMaxValues) + 4 * (draws_() % 2), draws_() % 2000},
         {unsigned(AxiRegister::kMaxDescriptors), draws_() % 8}}};
    Write write = usual[draws_() % usual.size()];
    if (draws_() % usually_ == 0) write.first = draws_() % 256;
    if (draws_() % usually_ == 0) write.second = draws_();
    write.first |= draws_() % 4;  // bits that nobody looks at
    return write;
  }

  SharedCase of_;
  std::uint64_t n_clocks_, clock_ = 0;
  unsigned usually_;
  unsigned beat_bytes_;
  Draws draws_;
  AxiMemory memory_;
  std::optional<Write> write_;
  std::uint8_t strobe_ = 15, read_ = 0;
  bool aw_ = false, w_ = false, ar_ = false;  ///< on offer
  std::uint64_t n_aw_ = 0, n_w_ = 0, n_b_ = 0, n_written_ = 0, n_ar_ = 0, n_r_ = 0;
};

}  // namespace

MakeSurroundings random_host(const AxiParameters& unit, const SharedCase& of, std::uint64_t seed,
                             std::uint64_t n_clocks, unsigned usually) {
  return [=] { return std::make_unique<RandomHost>(unit, of, seed, n_clocks, usually); };
}

}  // namespace transom::mutate
