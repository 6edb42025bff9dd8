// cosim_axi_limits.cpp — what a run of decoder_axi may be: values, descriptors, addresses, a
// window; and forged lists, which end with an error that has a name.
// SPDX-License-Identifier: Apache-2.0

#include "axi_compare.hpp"
#include "transom/system/axi_registers.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

constexpr AxiParameters kAddr40{.shape = kTans4, .addr_bits = 40};

/// One start, on both; the same in every clock.
AxiRun run_both(const AxiParameters& unit, const AxiImage& image, std::vector<AxiStart> starts,
                const AxiPressure& pressure = {}) {
  const Compared compared =
      compare_runs(unit, [&] { return Recorder(image, starts, unit.shape, pressure); });
  REQUIRE(compared.run.fault == "");
  REQUIRE((compared.run.first ? compared.run.first->text() : "") == "");
  REQUIRE(compared.first == "");
  return compared.run;
}
AxiStart start_of(const Case& c) {
  return {.descriptors = c.image.descriptors,
          .n_descriptors = c.image.n_descriptors,
          .tensors = c.golden};
}
void check_error(const AxiRun& run, AxiCause cause, std::uint32_t descriptor,
                 std::uint32_t stream = kNoStream, std::size_t start = 0) {
  CHECK(run.reg(AxiRegister::kStatus, start) == status_of(cause));
  CHECK(run.reg(AxiRegister::kErrorDescriptor, start) == descriptor);
  CHECK(run.reg(AxiRegister::kErrorStream, start) == stream);
}

Case four_tensors(std::uint32_t seed, const AxiShape& shape = kTans4) {
  Random random(seed);
  std::vector<CodedTensor> tensors;
  while (tensors.size() < 4) {
    tensors.push_back(random_tensor(shape, 300, shape.unit.n_streams(), 1, random));
    if (tensors.back().code.coding == Coding::kRaw) tensors.pop_back();
  }
  return make_case(shape, std::move(tensors));
}
void skip(Case& c, std::size_t tensor) {
  c.golden[tensor] = make_axi_tensor(std::vector<AxiStream>{}, c.shape);
}
void empty_stream(Case& c, std::size_t tensor, std::size_t stream) {
  c.golden[tensor].streams[stream] = {};
  c.golden[tensor] = make_axi_tensor(c.golden[tensor].streams, c.shape);
}

}  // namespace

TEST_CASE("rtl 3: a list of more descriptors than there may be is refused as a whole", "[cosim]") {
  const Case c = four_tensors(1);
  AxiStart refused = start_of(c);
  refused.limits.max_descriptors = 3;
  refused.tensors = std::span<const AxiTensor>{};
  AxiStart taken = start_of(c);
  taken.limits.max_descriptors = 4;
  AxiStart all = refused;
  all.n_descriptors = 0xffff'ffff;
  const AxiRun run = run_both({.shape = kTans4}, c.image, {refused, taken, all});
  check_error(run, AxiCause::kLimit, 0);
  CHECK(run.counter(AxiRegister::kBeatsRead) == 0);
  check_ok(run, 1);
  check_error(run, AxiCause::kLimit, 0, kNoStream, 2);
}

TEST_CASE("rtl 3: the stream that has more values than are left has none, and ends the run",
          "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    for (std::uint32_t seed = 0; seed < 16; ++seed) {
      Random random(seed);
      Case c = make_case(shape, random_tensors(shape, random));
      std::uint64_t left = seed == 0 ? c.image.n_values : random() % (c.image.n_values + 2);
      AxiStart start = start_of(c);
      start.limits.max_values = left;
      // The golden model's list, cut.
      std::uint32_t over_tensor = 0, over_stream = kNoStream;
      std::size_t n = 0;
      while (n < c.golden.size() && over_stream == kNoStream) {
        for (std::size_t s = 0; s < c.golden[n].streams.size(); ++s) {
          const std::uint64_t values = c.golden[n].streams[s].values.size();
          if (values <= left) {
            left -= values;
            continue;
          }
          if (over_stream == kNoStream) {
            over_tensor = static_cast<std::uint32_t>(n);
            over_stream = static_cast<std::uint32_t>(s);
          }
          empty_stream(c, n, s);
        }
        ++n;
      }
      start.tensors = std::span(c.golden).first(n);
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed << ", at most "
                   << start.limits.max_values << " of " << c.image.n_values);
      const AxiRun run = run_both({.shape = shape}, c.image, {start},
                                  seed % 2 == 0 ? AxiPressure{} : random_pressure(seed));
      if (over_stream == kNoStream) {
        check_ok(run);
      } else {
        check_error(run, AxiCause::kLimit, over_tensor, over_stream);
      }
      CHECK(run.counter(AxiRegister::kValues) <= start.limits.max_values);
    }
  }
}

TEST_CASE("rtl 4: an address with bits above the bus's is refused, never cut", "[cosim]") {
  for (const unsigned word : {5u, 7u, 9u, 11u}) {  // table, rows, records, payload
    for (const unsigned bit : {8u, 15u, 31u}) {    // of 2^40, 2^47, 2^63
      Case c = four_tensors(word);
      const std::uint64_t at = descriptor_word(c.image, 2, word);
      write_word(c.image, at, read_word(c.image, at) | 1u << bit);
      skip(c, 2);
      INFO("word " << word << ", bit " << bit);
      check_error(run_both(kAddr40, c.image, {start_of(c)}), AxiCause::kAddress, 2);
    }
  }
  const Case c = four_tensors(1);
  AxiStart far = start_of(c);
  far.descriptors |= std::uint64_t{1} << 40;
  far.tensors = std::span<const AxiTensor>{};
  const AxiRun run = run_both(kAddr40, c.image, {far, start_of(c)});
  check_error(run, AxiCause::kAddress, 0);
  CHECK(run.counter(AxiRegister::kBeatsRead) == 0);
  check_ok(run, 1);
}

TEST_CASE("rtl 4: words that lead beyond the last address are refused, not read from the first",
          "[cosim]") {
  // Payload, first word, symbol words, of a bus of 40 bits and one of 64.
  struct Forged {
    unsigned addr_bits;
    std::uint64_t payload;
    std::uint32_t first, n_symbols;
    bool fits;
  };
  const std::uint64_t end40 = std::uint64_t{1} << 40;
  for (const Forged& forged : {Forged{40, end40 - 64, 0, 17, false},
                               {40, end40 - 64, 15, 1, true},
                               {40, end40 - 64, 16, 1, false},
                               {40, end40 - 64, 0xffff'ffff, 1, false},
                               {40, 0, 0xffff'ffff, 0xffff'ffff, false},
                               {64, ~std::uint64_t{63}, 0, 17, false},
                               {64, ~std::uint64_t{63}, 15, 1, true},
                               {64, ~std::uint64_t{3}, 0xffff'ffff, 0xffff'ffff, false}}) {
    if (forged.addr_bits == 40 && forged.payload == 0) continue;  // 2^34 bytes fit
    Case c = four_tensors(3);
    write_word(c.image, descriptor_word(c.image, 1, 10),
               static_cast<std::uint32_t>(forged.payload));
    write_word(c.image, descriptor_word(c.image, 1, 11),
               static_cast<std::uint32_t>(forged.payload >> 32));
    for (unsigned s = 0; s < 4; ++s) {
      const std::uint64_t record = address_in(c.image, 1, 8) + kRecordBytes * s;
      const bool is_forged = s == 2;
      write_word(c.image, record, is_forged ? 5 : 0);
      write_word(c.image, record + 4, is_forged ? forged.n_symbols : 0);
      write_word(c.image, record + 8, 0);
      write_word(c.image, record + 12, forged.first);
      c.golden[1].streams[s] = {};
    }
    c.golden[1] = make_axi_tensor(c.golden[1].streams, kTans4);
    AxiStart start = start_of(c);
    if (forged.fits) start.tensors.reset();  // no memory is there: a read that fails
    const AxiRun run = run_both({.shape = kTans4, .addr_bits = forged.addr_bits}, c.image, {start});
    INFO("payload " << forged.payload << ", first " << forged.first);
    if (forged.fits) {
      CHECK(first_cause(run.reg(AxiRegister::kStatus)) == AxiCause::kRead);
    } else {
      check_error(run, AxiCause::kAddress, 1, 2);
    }
  }
}

TEST_CASE("rtl 5: what a driver allows is enough, and a block less at either end is told",
          "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    const Case c = four_tensors(9, shape);
    AxiStart enough = start_of(c);
    enough.limits = image_limits(c.image);
    AxiStart low = enough, high = enough;
    low.limits.window_base = (address_in(c.image, 0, 10) / 64 + 1) * 64;  // the first word is read
    low.tensors.reset();
    high.limits.window_limit -= 64;  // the last descriptor
    high.tensors = std::span(c.golden).first(3);
    INFO("kind " << int(shape.unit.kind));
    const AxiRun run = run_both({.shape = shape}, c.image, {enough, low, high, enough});
    check_ok(run);
    CHECK(run.reg(AxiRegister::kStatus, 1) == status_of(AxiCause::kWindow));
    check_error(run, AxiCause::kWindow, 3, kNoStream, 2);
    check_ok(run, 3);
  }
}

TEST_CASE("rtl 5: table, rows, records and streams outside of the window are not read", "[cosim]") {
  const std::uint64_t outside = kBase + 0x10'0000;
  for (const unsigned word : {4u, 6u, 8u, 10u}) {
    Case c = four_tensors(word);
    write_word(c.image, descriptor_word(c.image, 1, word), static_cast<std::uint32_t>(outside));
    AxiStart start = start_of(c);
    start.limits = image_limits(c.image);
    std::uint32_t stream = kNoStream;
    if (word != 10) {
      skip(c, 1);
    } else {
      stream = 0;
      for (std::size_t s = 0; s < 4; ++s) empty_stream(c, 1, s);
    }
    start.tensors = c.golden;
    INFO("word " << word);
    const AxiRun run = run_both({.shape = kTans4}, c.image, {start});
    check_error(run, AxiCause::kWindow, 1, stream);
    CHECK(run.error_text() == std::string("STATUS tells an error: window, descriptor 1") +
                                  (word == 10 ? ", stream 0" : ""));
  }
}

TEST_CASE("rtl 5: limits rest while the unit is busy", "[cosim]") {
  AxiRegisters registers;
  registers.busy = true;
  const AxiLimits open = registers.limits;
  for (std::uint32_t address = 0x98; address < 0xb4; address += 4) registers.write(address, 5, ~0u);
  CHECK(registers.limits == open);
  registers.busy = false;
  for (std::uint32_t address = 0x98; address < 0xb4; address += 4) {
    registers.write(address, address, ~0u);
    CHECK(registers.read(address) == address);
  }
  CHECK(registers.limits == AxiLimits{0x9c'0000'0098, 0xa4'0000'00a0, 0xac'0000'00a8, 0xb0});
}
