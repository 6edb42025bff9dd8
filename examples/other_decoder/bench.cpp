// bench.cpp — ans_dec under the comparator: the whole of what its owner writes.
// SPDX-License-Identifier: Apache-2.0
#include <Vans_dec.h>

#include <iostream>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/harness/harness.hpp"
#include "transom/harness/verilated.hpp"

using namespace transom;
using namespace transom::harness;

namespace {

class AnsDec final : public VerilatedDut<Vans_dec> {
 public:
  using VerilatedDut::VerilatedDut;

  std::string why_not(const CodedTensor& tensor) const override {
    if (codec(tensor.code.coding).lane != LaneKind::kTans) return "not tANS of single symbols";
    return tensor.code.table_log > 12 ? "its table has more than 2^12 entries" : "";
  }
  unsigned symbol_word_bits() const override { return 8; }
  unsigned offset_word_bits() const override { return 8; }

  void reset() override {
    top().in_vld = top().off_vld = top().sym_rdy = top().cfg_we = top().go = 0;
    top().rst = 1;
    tick();
    top().rst = 0;
  }

  void load(const Load& load) override {
    for (std::uint32_t t = 0; t < load.entries().size(); ++t) {
      const Entry e = to_entry(load.entries()[t]);
      write(kBase, t, std::uint32_t{e.nbits} << 12 | e.base);
      write(kSymbol, t, e.symbol);
    }
    for (std::uint32_t s = 0; s < load.rows().size(); ++s) write(kRow, s, to_word(load.rows()[s]));
    write(kLengths, 0, load.table().table_log);
    write(kLengths, 1, load.n_values());
    top().go = 1;
    tick();
    top().go = 0;
  }

  void clock(std::span<const LaneIn> in, std::span<LaneOut> out) override {
    top().in_vld = in[0].symbol_valid;
    top().in_data = static_cast<std::uint8_t>(in[0].symbol_word);
    top().off_vld = in[0].offset_valid;
    top().off_data = static_cast<std::uint8_t>(in[0].offset_word);
    top().sym_rdy = in[0].ready;
    settle();
    out[0].symbol_ready = top().in_rdy;
    out[0].offset_ready = top().off_rdy;
    out[0].value_valid = top().sym_vld;
    out[0].value = top().sym_data;
    out[0].done = top().done;
    out[0].good = !top().err;
    edge();
  }

 private:
  enum Select : std::uint8_t { kBase, kSymbol, kRow, kLengths };

  void set_clock(bool level) override { top().clk = level; }

  void write(Select select, std::uint32_t address, std::uint32_t data) {
    top().cfg_we = 1;
    top().cfg_sel = select;
    top().cfg_addr = static_cast<std::uint16_t>(address);
    top().cfg_data = data;
    tick();
    top().cfg_we = 0;
  }
};

}  // namespace

/// other_decoder [--bug N] CONTAINER.tsm [options of the harness]
int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  std::vector<std::string> program{std::filesystem::absolute(argv[0]).string()};
  std::vector<std::string> plusargs;
  if (arguments.size() >= 2 && arguments[0] == "--bug") {
    program.insert(program.end(), {"--bug", arguments[1]});
    plusargs = {"+bug=" + arguments[1]};
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  return harness_main(
      arguments, program, [&] { return std::make_unique<AnsDec>(plusargs); }, std::cout);
}
