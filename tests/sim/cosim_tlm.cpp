// cosim_tlm.cpp — the TLM-2.0 views of decoder_axi, each on a platform of its own, against the
// golden model and against each other.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "support.hpp"
#include "tlm_support.hpp"

using namespace transom;
using namespace transom::support;

TEST_CASE("tlm: both views decode containers of every coding, whatever the memory", "[cosim]") {
  for (Pair& unit : units()) {
    for (const Codec& c : codecs()) {
      if (c.lane != unit.shape.unit.kind) continue;
      const Laid laid = lay_out(digits(), c.coding, unit.shape);
      unit.lay(laid.image);
      for (const MemoryTiming& timing : {kFast, kUsual, kSlow}) {
        INFO(c.name << ", " << unit.shape.unit.n_lanes << " lanes, latency " << timing.latency);
        set_timing(unit, timing);
        const TlmRun lt = run(*unit.lt, laid);
        const TlmRun ca = run(*unit.ca, laid);
        CHECK(ca.status == kAxiDone);
        CHECK(ca.irq_status == 1);
        CHECK((ca.values == laid.values));
        CHECK(ca.ends == laid.ends);
        CHECK(unit.lt->sink.in_order);
        CHECK(unit.ca->sink.in_order);
        check_alike(lt, ca);
      }
    }
  }
}

TEST_CASE("tlm: memory by DMI is the same memory, and is given back when asked for", "[cosim]") {
  Pair& unit = units().front();
  const Laid laid = lay_out(digits(), Coding::kApackTans, unit.shape);
  set_timing(unit, kUsual, true);
  unit.lay(laid.image);
  unit.lt->memory.n_reads = 0;
  const TlmRun lt = run(*unit.lt, laid);
  CHECK(unit.lt->memory.n_reads == 1);  // the one that told of DMI
  CHECK((lt.values == laid.values));
  CHECK(std::abs(error_percent(lt, run(*unit.ca, laid))) < 2);

  const Laid other = lay_out(digits(), Coding::kTans, unit.shape);
  unit.lay(other.image);  // invalidates: what lay there before is gone
  CHECK((run(*unit.lt, other).values == other.values));
  CHECK(unit.lt->memory.n_reads == 2);
}

TEST_CASE("tlm: a slow consumer holds both views up alike", "[cosim]") {
  for (Pair& unit : units()) {
    const Coding coding = unit.shape.unit.kind == LaneKind::kArith   ? Coding::kApackAc
                          : unit.shape.unit.kind == LaneKind::kRans  ? Coding::kApackRans
                          : unit.shape.unit.kind == LaneKind::kTans  ? Coding::kApackTans
                          : unit.shape.unit.kind == LaneKind::kNrans ? Coding::kApackNrans
                                                                     : Coding::kApackTansPair;
    const Laid laid = lay_out(digits(), coding, unit.shape);
    unit.lay(laid.image);
    // Values of a beat in a whole number of clocks, so that the beats of the cycle-accurate view
    // do not wait for the next clock each.
    const unsigned beat_values = unit.shape.beat_values();
    set_timing(unit, kUsual, false, 3'000 / beat_values);
    const TlmRun lt = run(*unit.lt, laid);
    const TlmRun ca = run(*unit.ca, laid);
    INFO("kind " << int(unit.shape.unit.kind) << ": " << cycles(lt) << ", " << cycles(ca));
    check_alike(lt, ca);
    CHECK(std::abs(error_percent(lt, ca)) < 2);
    CHECK(cycles(ca) * 1000 * beat_values >= laid.values.size() * 2990);
    CHECK(lt.counter(AxiRegister::kConsumer) > 0);
    CHECK(ca.counter(AxiRegister::kConsumer) > 0);
    set_timing(unit, kUsual);
  }
}

TEST_CASE("tlm: what is wrong is told alike, and the rest decodes", "[cosim]") {
  Pair& unit = units().front();
  std::vector<Tensor> tensors = digits();
  tensors.resize(4);
  const Laid good = lay_out(tensors, Coding::kTans, unit.shape);
  const auto word_of = [&](AxiImage& image, std::uint64_t address) -> std::uint8_t& {
    return image.bytes.at(address - image.base);
  };
  const auto address_in = [&](AxiImage& image, std::size_t descriptor, unsigned word) {
    std::uint64_t address = 0;
    for (unsigned byte = 8; byte-- > 0;) {
      address =
          address << 8 | word_of(image, image.descriptors + 64 * descriptor + 4 * word + byte);
    }
    return address;
  };
  set_timing(unit, kUsual);
  const auto both = [&](const AxiImage& image, std::uint64_t bad) {
    unit.lay(image);
    unit.lt->memory.bad = unit.ca->memory.bad = bad;
    const TlmRun lt = unit.lt->run(image.descriptors, image.n_descriptors);
    const TlmRun ca = unit.ca->run(image.descriptors, image.n_descriptors);
    check_alike(lt, ca);
    CHECK((ca.status & (kAxiBusy | kAxiDone | kAxiError)) == (kAxiDone | kAxiError));
    CHECK(ca.irq_status == 3);
    CHECK(ca.ends.size() == 4);  // every descriptor has its end
    return lt;
  };
  const std::uint64_t nowhere = ~std::uint64_t{0};
  {
    INFO("a stream with fewer words than it wants");
    AxiImage image = good.image;
    word_of(image, address_in(image, 2, 8) + 16 * 3 + 4) -= 1;  // symbol words of stream 3
    const TlmRun told = both(image, nowhere);
    CHECK(first_bad_status(told.status) != Status::kOk);
    CHECK(told.error_descriptor == 2);
    CHECK(told.error_stream == 3);
    CHECK(told.counter(AxiRegister::kValues) == good.values.size());
  }
  {
    INFO("a descriptor of another kind");
    AxiImage image = good.image;
    word_of(image, image.descriptors + 64 + 1) ^= 3;
    const TlmRun told = both(image, nowhere);
    CHECK(told.status == status_of(AxiCause::kDescriptor));
    CHECK(told.error_descriptor == 1);
    CHECK(told.error_stream == kNoStream);
    CHECK(told.values.size() == good.values.size() - (good.ends[1] - good.ends[0]));
    CHECK(told.ends[0] == told.ends[1]);
  }
  {
    INFO("rtl 1: a table that is none");
    AxiImage image = good.image;
    word_of(image, address_in(image, 2, 4) + 1) |= 15;  // bits of word 0: over any R
    const TlmRun told = both(image, nowhere);
    CHECK(told.status == (status_of(AxiCause::kStream) | 5u << 8));  // BadTable
    CHECK(told.error_descriptor == 2);
    CHECK(told.error_stream == kNoStream);
    CHECK(told.counter(AxiRegister::kValues) == good.values.size());
  }
  {
    INFO("a table that cannot be read");
    AxiImage image = good.image;
    const TlmRun told = both(image, address_in(image, 3, 4) + 4);
    CHECK(told.status == status_of(AxiCause::kRead));
    CHECK(told.error_descriptor == 3);
    CHECK(told.error_stream == kNoStream);
  }
  {
    INFO("words of a stream that cannot be read");
    AxiImage image = good.image;
    const TlmRun told = both(image, address_in(image, 2, 10) + 4);  // of the first symbol stream
    CHECK((told.status & axi_error_bit(AxiCause::kRead)) != 0);
    CHECK(told.error_descriptor == 2);
    CHECK(told.error_stream == 0);
  }
  {
    INFO("no memory where the descriptors should be");
    const TlmRun told = unit.lt->run(0x10, 4);
    check_alike(told, unit.ca->run(0x10, 4));
    CHECK(told.status == status_of(AxiCause::kRead));
    CHECK(told.error_stream == kNoStream);
    CHECK(told.values.empty());
  }
  {
    INFO("and then all is well again");
    unit.lay(good.image);
    unit.lt->memory.bad = unit.ca->memory.bad = nowhere;
    const TlmRun lt = run(*unit.lt, good);
    check_alike(lt, run(*unit.ca, good));
    CHECK(lt.status == kAxiDone);
    CHECK((lt.values == good.values));
  }
}

namespace {

template <class Platform>
void check_registers(Platform& platform) {
  std::string told;
  platform.processor.execute([&] {
    TestProcessor& p = platform.processor;
    const auto expect = [&](const char* what, std::uint64_t want, std::uint64_t got) {
      if (want != got) told += std::string(what) + ": " + std::to_string(got) + "\n";
    };
    expect("id", kAxiId, p.read(AxiRegister::kId));
    expect("config", platform.decoder.parameters().axi.config(), p.read(AxiRegister::kConfig));
    p.write(AxiRegister::kDescriptorsLow, 0x1234'5678);
    p.write(AxiRegister::kDescriptorsHigh, 0x9abc'def0);
    expect("low", 0x1234'5678, p.read(AxiRegister::kDescriptorsLow));
    expect("high", 0x9abc'def0, p.read(AxiRegister::kDescriptorsHigh));
    p.write(AxiRegister::kId, 1);
    expect("id stays", kAxiId, p.read(AxiRegister::kId));
    p.write(AxiRegister::kIrqEnable, ~0u);
    expect("enable", 3, p.read(AxiRegister::kIrqEnable));
    expect("unknown", 0, p.read(static_cast<AxiRegister>(0xf0)));

    // Two bytes of a word; four words at once; what no register is.
    std::uint32_t words[4] = {0xffff'ffff, 0, 0, 0};
    unsigned char enables[4] = {0, 0xff, 0, 0xff};
    tlm::tlm_generic_payload access;
    access.set_write();
    access.set_address(static_cast<std::uint64_t>(AxiRegister::kDescriptorsLow));
    access.set_data_ptr(reinterpret_cast<unsigned char*>(words));
    access.set_data_length(4);
    access.set_streaming_width(4);
    access.set_byte_enable_ptr(enables);
    access.set_byte_enable_length(4);
    sc_core::sc_time delay;
    p.socket->b_transport(access, delay);
    expect("enabled bytes", 0xff34'ff78, p.read(AxiRegister::kDescriptorsLow));
    access.set_read();
    access.set_byte_enable_ptr(nullptr);
    access.set_address(0);
    access.set_data_length(16);
    access.set_streaming_width(16);
    p.socket->b_transport(access, delay);
    const auto number = [](tlm::tlm_response_status s) { return static_cast<unsigned>(s); };
    expect("words", kAxiId, words[0]);
    expect("response", number(tlm::TLM_OK_RESPONSE), number(access.get_response_status()));
    words[0] = 0;
    expect("debug", 16, p.socket->transport_dbg(access));
    expect("debug words", kAxiId, words[0]);
    access.set_address(2);
    p.socket->b_transport(access, delay);
    expect("not in place", number(tlm::TLM_BURST_ERROR_RESPONSE),
           number(access.get_response_status()));
    access.set_address(0x100);
    p.socket->b_transport(access, delay);
    expect("beyond", number(tlm::TLM_ADDRESS_ERROR_RESPONSE), number(access.get_response_status()));

    // Nothing to do is done at once; the interrupt stays until it is cleared.
    p.write(AxiRegister::kDescriptorCount, 0);
    p.write(AxiRegister::kControl, 1);
    p.wait_for_irq();
    expect("done", kAxiDone, p.read(AxiRegister::kStatus));
    expect("irq", 1, platform.irq.read());
    p.write(AxiRegister::kIrqStatus, 2);
    wait(sc_core::sc_time(1, sc_core::SC_US));
    expect("irq stays", 1, platform.irq.read());
    p.write(AxiRegister::kIrqStatus, 1);
    wait(sc_core::sc_time(1, sc_core::SC_US));
    expect("irq goes", 0, platform.irq.read());
  });
  CHECK(told == "");
}

}  // namespace

TEST_CASE("tlm: registers are those of the hardware, in both views", "[cosim]") {
  check_registers(*units().front().lt);
  check_registers(*units().front().ca);
}
