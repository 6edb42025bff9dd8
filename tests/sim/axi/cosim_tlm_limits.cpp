// cosim_tlm_limits.cpp — limits, refused addresses and aborts in the TLM-2.0 views of decoder_axi:
// told as the hardware tells them.
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "../tlm_support.hpp"
#include "random.hpp"
#include "support.hpp"

using namespace transom;
using namespace transom::support;

namespace {

std::uint32_t word_at(const AxiImage& image, std::uint64_t address) {
  std::uint32_t word = 0;
  for (unsigned byte = 4; byte-- > 0;)
    word = word << 8 | image.bytes.at(address + byte - image.base);
  return word;
}
void set_word(AxiImage& image, std::uint64_t address, std::uint32_t word) {
  for (unsigned byte = 0; byte < 4; ++byte) {
    image.bytes.at(address + byte - image.base) = static_cast<std::uint8_t>(word >> 8 * byte);
  }
}
std::uint64_t descriptor_word(const AxiImage& image, std::size_t i, unsigned word) {
  return image.descriptors + kDescriptorBytes * i + 4 * word;
}

struct Both {
  Pair& unit;
  const AxiImage& image;

  TlmRun operator()(const AxiLimits& limits, std::uint32_t n_descriptors) const {
    unit.lay(image);
    const TlmRun lt = unit.lt->run(image.descriptors, n_descriptors, limits);
    const TlmRun ca = unit.ca->run(image.descriptors, n_descriptors, limits);
    check_alike(lt, ca);
    return ca;
  }
  TlmRun operator()(const AxiLimits& limits = {}) const {
    return (*this)(limits, image.n_descriptors);
  }
};

}  // namespace

TEST_CASE("rtl 3, rtl 4, rtl 5: both views refuse what the hardware refuses", "[cosim]") {
  Pair& unit = units().front();
  set_timing(unit, kUsual);
  std::vector<Tensor> tensors = digits();
  tensors.resize(4);
  const Laid good = lay_out(tensors, Coding::kTans, unit.shape);
  const AxiLimits least = image_limits(good.image);
  {
    INFO("what the image takes is enough");
    const TlmRun told = Both{unit, good.image}(least);
    CHECK(told.status == kAxiDone);
    CHECK((told.values == good.values));
  }
  {
    INFO("more descriptors than there may be");
    const TlmRun told = Both{unit, good.image}(least, 0xffff'ffff);
    CHECK(told.status == status_of(AxiCause::kLimit));
    CHECK(told.values.empty());
  }
  {
    INFO("a value less than there are: the last stream has none");
    AxiLimits limits = least;
    --limits.max_values;
    const TlmRun told = Both{unit, good.image}(limits);
    CHECK(told.status == status_of(AxiCause::kLimit));
    CHECK(told.error_descriptor == 3);
    CHECK(told.error_stream != kNoStream);
    CHECK(told.values.size() < good.values.size());
  }
  {
    INFO("a value: the first tensor's streams have none, and it is the last");
    const TlmRun told = Both{unit, good.image}({.max_values = 1});
    CHECK(told.status == status_of(AxiCause::kLimit));
    CHECK(told.ends.size() == 1);
  }
  for (const unsigned word : {4u, 6u, 8u, 10u}) {
    INFO("word " << word << " of a descriptor leads out of the window");
    AxiImage image = good.image;
    set_word(image, descriptor_word(image, 1, word),
             static_cast<std::uint32_t>(kBase) + 0x100'0000);
    const TlmRun told = Both{unit, image}(least);
    CHECK(told.status == status_of(AxiCause::kWindow));
    CHECK(told.error_descriptor == 1);
    CHECK(told.error_stream == (word == 10 ? 0 : kNoStream));
    CHECK(told.ends.size() == 4);
  }
  {
    INFO("words beyond the last address");
    AxiImage image = good.image;
    for (const unsigned word : {10u, 11u}) set_word(image, descriptor_word(image, 2, word), ~0u);
    const TlmRun told = Both{unit, image}(least);
    CHECK(first_cause(told.status) == AxiCause::kAddress);
    CHECK(told.error_descriptor == 2);
  }
  {
    INFO("the window ends before the last descriptor");
    AxiLimits limits = least;
    limits.window_limit -= 64;
    const TlmRun told = Both{unit, good.image}(limits);
    CHECK(told.status == status_of(AxiCause::kWindow));
    CHECK(told.error_descriptor == 3);
    CHECK(told.ends.size() == 3);
  }
  const TlmRun told = Both{unit, good.image}({});
  CHECK(told.status == kAxiDone);
}

TEST_CASE("rtl 3, rtl 4, rtl 5: forged lists are told alike by both views", "[cosim]") {
  Pair& unit = units().front();
  set_timing(unit, kUsual);
  std::vector<Tensor> tensors = digits();
  tensors.resize(5);
  const Laid good = lay_out(tensors, Coding::kTans, unit.shape);
  std::vector<unsigned> seen(kAxiCauses);
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    Random random(seed);
    AxiImage image = good.image;
    // One fault a list: which of several comes first is a matter of time, which the views do not
    // share.
    const std::size_t of = random() % image.n_descriptors;
    std::uint64_t at = descriptor_word(image, of, random() % 12);
    if (seed % 2 == 0) {
      const std::uint64_t records = word_at(image, descriptor_word(image, of, 8)) |
                                    std::uint64_t{word_at(image, descriptor_word(image, of, 9))}
                                        << 32;
      at = records + 4 * (random() % 16);
    }
    const std::uint32_t choices[] = {0, ~0u, word_at(image, at) ^ 1u << random() % 32, random()};
    set_word(image, at, choices[random() % 4]);
    INFO("list " << seed);
    const TlmRun told = Both{unit, image}(image_limits(good.image));
    CHECK((told.status & (kAxiBusy | kAxiDone)) == kAxiDone);
    ++seen[static_cast<unsigned>(first_cause(told.status))];
  }
  for (const AxiCause c :
       {AxiCause::kStream, AxiCause::kDescriptor, AxiCause::kWindow, AxiCause::kLimit}) {
    CHECK(seen[static_cast<unsigned>(c)] > 0);
  }
}

TEST_CASE("rtl 2, rtl 3: both views can be aborted, and the next run is right", "[cosim]") {
  for (Pair& unit : units()) {
    Coding coding = Coding::kRaw;
    for (const Codec& c : codecs()) {
      if (c.lane == unit.shape.unit.kind) coding = c.coding;
    }
    const Laid laid = lay_out(digits(), coding, unit.shape);
    unit.lay(laid.image);
    set_timing(unit, kUsual);
    const auto check = [&](auto& platform) {
      const TlmRun whole = run(platform, laid);
      unsigned n_aborted = 0;
      for (unsigned i = 0; i < 20; ++i) {
        const TlmRun aborted = platform.run(laid.image.descriptors, laid.image.n_descriptors, {},
                                            whole.time * (0.05 + 0.045 * i));
        INFO("kind " << int(unit.shape.unit.kind) << ", abort " << i);
        // Whole tensors, of which the last is cut, or none was begun.
        CHECK(std::equal(aborted.values.begin(), aborted.values.end(), laid.values.begin()));
        CHECK(aborted.values.size() <= laid.values.size());
        CHECK((aborted.ends.empty() ? 0 : aborted.ends.back()) == aborted.values.size());
        if (aborted.status != kAxiDone) {
          ++n_aborted;
          CHECK(aborted.status == status_of(AxiCause::kAborted));
          CHECK(aborted.irq_status == 3);
        }
        const TlmRun next = run(platform, laid);
        CHECK(next.status == kAxiDone);
        CHECK((next.values == laid.values));
        CHECK(next.ends == laid.ends);
      }
      CHECK(n_aborted > 10);
    };
    check(*unit.lt);
    check(*unit.ca);
  }
}
