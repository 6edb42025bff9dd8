// image.cpp — see image.hpp.
//
// What is expected is what the cycle model does, which is held to the golden model where the image
// is good, and must be the same whatever memory and consumer do.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/vectors/image.hpp"

#include <span>
#include <sstream>
#include <stdexcept>

#include "transom/cycle/axi_run.hpp"
#include "transom/wide/run.hpp"

namespace transom::workbench {
namespace {

using namespace system;

constexpr std::size_t kStallPorts = 3;  ///< addresses, beats of the memory, beats of values
/// Registers that tell no times.
constexpr std::uint32_t kTold[] = {0x00, 0x04, 0x0c, 0x14, 0x24, 0x28, 0x48, 0x4c, 0x80, 0x84};

/// The bench, which remembers the beats.
class RecordingBench final : public AxiBench {
 public:
  using AxiBench::AxiBench;
  void observe(const AxiInputs& in, const AxiOutputs& out) override {
    if (in.tready && out.tvalid) beats.push_back({out.values, out.keep, out.tlast});
    AxiBench::observe(in, out);
  }
  std::vector<Beat> beats;
};

Expected run(const Image& image, const AxiPressure& pressure) {
  RecordingBench bench(image.memory, std::vector{start_of(image)}, image.unit.axi.shape, pressure);
  const AxiRun run = image.is_wide ? wide::run_model(bench, image.unit)
                                   : cycle::run_axi_model(bench, image.unit.axi);
  if (!run.fault.empty() || run.n_mismatches != 0) {
    throw std::logic_error("vectors: image " + image.name + ": " + run.fault +
                           (run.first ? run.first->text() : ""));
  }
  Expected out{std::move(bench.beats), {}};
  for (const std::uint32_t address : kTold) {
    const auto reg = static_cast<AxiRegister>(address);
    out.registers.emplace_back(reg, run.reg(reg));
  }
  return out;
}

/// The same of any pressure.
Expected expected(const Image& image) {
  Expected first = run(image, {});
  const AxiPressure hard{.seed = 1,
                         .ar_closed = 50,
                         .r_closed = 40,
                         .values_closed = 60,
                         .latency = 40,
                         .more_latency = 30};
  if (!(run(image, hard) == first)) {
    throw std::logic_error("vectors: image " + image.name + " hangs on the system around the unit");
  }
  return first;
}

void add_digits(std::string& text, std::uint64_t number, unsigned digits) {
  for (unsigned d = digits; d-- > 0;) text += "0123456789abcdef"[number >> 4 * d & 15];
}

/// Address and data of register accesses.
std::string registers_text(const std::vector<std::pair<AxiRegister, std::uint32_t>>& list) {
  std::string text;
  for (const auto& [address, data] : list) {
    add_digits(text, static_cast<unsigned>(address), 2);
    text += '_';
    add_digits(text, data, 8);
    text += '\n';
  }
  return text;
}

std::vector<std::pair<AxiRegister, std::uint32_t>> writes_of(const Image& image) {
  const AxiStart start = start_of(image);
  std::vector<std::pair<AxiRegister, std::uint32_t>> writes;
  const auto write_long = [&](AxiRegister low, std::uint64_t data) {
    writes.emplace_back(low, static_cast<std::uint32_t>(data));
    writes.emplace_back(static_cast<AxiRegister>(static_cast<unsigned>(low) + 4),
                        static_cast<std::uint32_t>(data >> 32));
  };
  write_long(AxiRegister::kDescriptorsLow, start.descriptors);
  writes.emplace_back(AxiRegister::kDescriptorCount, start.n_descriptors);
  if (image.is_wide) writes.emplace_back(AxiRegister::kSectionWords, start.section_words);
  write_long(AxiRegister::kWindowBase, start.limits.window_base);
  write_long(AxiRegister::kWindowLimit, start.limits.window_limit);
  write_long(AxiRegister::kMaxValues, start.limits.max_values);
  writes.emplace_back(AxiRegister::kMaxDescriptors, start.limits.max_descriptors);
  writes.emplace_back(AxiRegister::kIrqEnable, kAxiIrqDone | kAxiIrqError);
  writes.emplace_back(AxiRegister::kControl, kAxiStart);
  return writes;
}

std::string memory_text(const AxiImage& memory) {
  std::string text;
  for (std::size_t at = 0; at < memory.bytes.size(); at += 4) {
    add_digits(text, word_at(memory, at), 8);
    text += '\n';
  }
  return text;
}

std::string params(const Image& image) {
  const unit::UnitShape& shape = image.unit.axi.shape.unit;
  std::string text = "// " + image.name + ": " + image.comment + '\n', base;
  add_digits(base, image.memory.base, 16);
  const auto put = [&](const char* name, std::uint64_t value, const char* what = "") {
    text += "localparam int " + std::string(name) + " = " + std::to_string(value) + ";" +
            (*what == '\0' ? "" : "  // ") + what + '\n';
  };
  put("WIDE", image.is_wide, "decoder_wide, or decoder_axi");
  put("KIND", static_cast<unsigned>(shape.kind));
  put("LANES", shape.n_lanes);
  put("TABLE_LOG", shape.table_log);
  put("MAX_ROWS", unit::max_rows(shape));
  put("MAX_OFFSET", image.unit.max_offset, "of decoder_wide");
  put("HALVES", image.unit.halves, "the same");
  put("DATA_BITS", image.unit.axi.shape.data_bits);
  put("BEAT_VALUES", image.unit.axi.shape.beat_values());
  text += "localparam logic [63:0] BASE = 64'h" + base + ";  // address of the first word\n";
  put("WORDS", (image.memory.bytes.size() + 3) / 4, "image.hex");
  put("WRITES", writes_of(image).size(), "writes.hex: address, data");
  put("BEATS", image.wanted.beats.size(), "beats.hex: TLAST, TKEEP, TDATA");
  put("REGISTERS", image.wanted.registers.size(), "registers.hex: address, data");
  return text;
}

void write_image(golden::VectorSet& set, const Image& image) {
  golden::SetFolder folder(set.root, std::filesystem::path("axi") / image.name);
  folder.add("image.bin", image.memory.bytes);
  std::string stalls;
  for (const auto& pattern : golden::stall_patterns(image.name)) {
    for (const std::uint64_t port : std::span(pattern).first<kStallPorts>()) {
      add_digits(stalls, port, 16);
      stalls += '\n';
    }
  }
  folder.add({{"params.svh", params(image)},
              {"image.hex", memory_text(image.memory)},
              {"writes.hex", registers_text(writes_of(image))},
              {"beats.hex", beats_text(image.wanted.beats)},
              {"registers.hex", registers_text(image.wanted.registers)},
              {"stalls.hex", stalls}});
  set.manifest["axi"].push_back({{"tcId", image.id},
                                 {"name", image.name},
                                 {"comment", image.comment},
                                 {"unit", image.is_wide ? "decoder_wide" : "decoder_axi"},
                                 {"kind", lane_kind_name(image.unit.axi.shape.unit.kind)},
                                 {"tensors", image.ids},
                                 {"beats", image.wanted.beats.size()},
                                 {"sha256", std::move(folder.hashes)}});
}

using Registers = std::vector<std::pair<AxiRegister, std::uint32_t>>;

golden::json registers_json(const Registers& list) {
  golden::json all = golden::json::array();
  for (const auto& [address, data] : list) {
    all.push_back({{"address", static_cast<unsigned>(address)}, {"data", data}});
  }
  return all;
}

golden::json beats_json(std::span<const Beat> beats) {
  golden::json all = golden::json::array();
  std::istringstream lines(beats_text(beats));
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  return all;
}

golden::json image_json(const Image& image, golden::Half half) {
  golden::json test{{"tcId", image.id}};
  if (half == golden::Half::kBoth) {
    test["name"] = image.name;
    test["comment"] = image.comment;
    test["flags"] = {image.flag};
  }
  if (half != golden::Half::kExpected) {
    test["base"] = image.memory.base;
    test["image"] = golden::bytes_hex(image.memory.bytes);
    test["writes"] = registers_json(writes_of(image));
  }
  if (half == golden::Half::kPrompts) return test;
  test["result"] = image.is_good ? "valid" : "invalid";
  test["beats"] = beats_json(image.wanted.beats);
  test["registers"] = registers_json(image.wanted.registers);
  return test;
}

}  // namespace

AxiStart start_of(const Image& image) {
  AxiStart start{.descriptors = image.memory.descriptors,
                 .n_descriptors = image.memory.n_descriptors,
                 .section_words = image.memory.section_words,
                 .limits = image_limits(image.memory)};
  if (image.golden) start.tensors = *image.golden;
  return start;
}

std::uint32_t word_at(const AxiImage& memory, std::uint64_t at) {
  std::uint32_t word = 0;
  for (unsigned b = 0; b < 4 && at + b < memory.bytes.size(); ++b) {
    word |= std::uint32_t{memory.bytes[at + b]} << 8 * b;
  }
  return word;
}

void finish(golden::VectorSet& set, Image& image) {
  image.id = ++set.last_id;
  image.wanted = expected(image);
  ++set.count.images;
  if (!set.tests_alone) write_image(set, image);
}

golden::json group_json(const Image& image, unsigned group, golden::Half half) {
  golden::json object{{"tgId", group}};
  if (half != golden::Half::kExpected) {
    const AxiShape& shape = image.unit.axi.shape;
    object["type"] = "UnitDecode";
    if (half == golden::Half::kBoth) object["name"] = "axi_" + image.name;
    object["unit"] = image.is_wide ? "decoder_wide" : "decoder_axi";
    object["kind"] = lane_kind_name(shape.unit.kind);
    object["lanes"] = shape.unit.n_lanes;
    object["tableLog"] = shape.unit.table_log;
    object["maxRows"] = unit::max_rows(shape.unit);
    if (image.is_wide) {
      object["maxOffset"] = image.unit.max_offset;
      object["halves"] = image.unit.halves;
    }
    object["dataBits"] = shape.data_bits;
    object["beatValues"] = shape.beat_values();
  }
  object["tests"] = golden::json::array({image_json(image, half)});
  return object;
}

}  // namespace transom::workbench
