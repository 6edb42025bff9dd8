// axi_vectors.cpp — memory images for decoder_axi and decoder_wide: what software writes, the beats
// that must come, the registers afterwards.
//
// What is expected is what the cycle model does, which is held to the golden model where the image
// is good, and must be the same whatever memory and consumer do. SPDX-License-Identifier:
// Apache-2.0
#include <algorithm>
#include <span>
#include <stdexcept>

#include "transom/container/container.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/system/axi_registers.hpp"
#include "transom/wide/image.hpp"
#include "transom/wide/run.hpp"
#include "transom/workbench/vectors/beats.hpp"
#include "transom/workbench/vectors/vector_set.hpp"

namespace transom::workbench {
namespace {

using namespace system;
using golden::Vector;

constexpr std::uint64_t kBase = 0x1'2345'6000;  // more than 32 bits
constexpr std::uint32_t kMostValues = 310;      // of a tensor
constexpr std::uint32_t kMostWideValues = 10'000;
constexpr unsigned kMostTableLog = 10;  // of one: its table is in the image
constexpr std::size_t kStallPorts = 3;  // addresses, beats of the memory, beats of values
constexpr unsigned kWideTans = 8;       // R that a wide unit of tANS lanes has

/// What an image is for, and all that it needs.
struct Image {
  std::string name, comment;
  bool is_wide = false;
  wide::Parameters unit;
  std::vector<CodedTensor> tensors;
  std::vector<unsigned> ids;  ///< tcIds of the tensors
  AxiImage memory;
  std::optional<std::vector<AxiTensor>> golden;  ///< none: the image is forged
};

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

/// What must be the same in every system.
struct Expected {
  std::vector<Beat> beats;
  std::vector<std::pair<AxiRegister, std::uint32_t>> registers;

  friend bool operator==(const Expected&, const Expected&) = default;
};
/// Registers that tell no times.
constexpr std::uint32_t kTold[] = {0x00, 0x04, 0x0c, 0x14, 0x24, 0x28, 0x48, 0x4c, 0x80, 0x84};

AxiStart start_of(const Image& image) {
  AxiStart start{.descriptors = image.memory.descriptors,
                 .n_descriptors = image.memory.n_descriptors,
                 .section_words = image.memory.section_words,
                 .limits = image_limits(image.memory)};
  if (image.golden) start.tensors = *image.golden;
  return start;
}

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

std::uint32_t word_at(const AxiImage& memory, std::uint64_t at) {
  std::uint32_t word = 0;
  for (unsigned b = 0; b < 4 && at + b < memory.bytes.size(); ++b) {
    word |= std::uint32_t{memory.bytes[at + b]} << 8 * b;
  }
  return word;
}

std::string memory_text(const AxiImage& memory) {
  std::string text;
  for (std::size_t at = 0; at < memory.bytes.size(); at += 4) {
    add_digits(text, word_at(memory, at), 8);
    text += '\n';
  }
  return text;
}

std::string params(const Image& image, const Expected& wanted) {
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
  put("BEATS", wanted.beats.size(), "beats.hex: TLAST, TKEEP, TDATA");
  put("REGISTERS", wanted.registers.size(), "registers.hex: address, data");
  return text;
}

/// The vectors that a unit takes, in the order of the set.
std::vector<const Vector*> vectors_for(const golden::VectorSet& set, const AxiShape& shape,
                                       bool good_alone) {
  std::vector<const Vector*> found;
  for (const golden::PlannedVectors& planned : set.planned) {
    for (const Vector& v : planned.vectors) {
      const CodedTensor& tensor = v.tensor;
      const bool fits = v.decoded.values.size() <= kMostValues &&
                        tensor.code.table_log <= kMostTableLog &&
                        why_not_in_image(tensor, shape).empty();
      if (fits && (!good_alone || v.decoded.status == Status::kOk)) found.push_back(&v);
    }
  }
  return found;
}

Image axi_image(const AxiShape& shape, const std::string& name, const std::string& comment,
                const std::vector<const Vector*>& vectors) {
  Image image{name, comment, false, {.axi = {.shape = shape}}, {}, {}, {}, {}};
  std::vector<AxiTensor> golden;
  for (const Vector* v : vectors) {
    image.tensors.push_back(v->tensor);
    image.ids.push_back(v->id);
    golden.push_back(make_axi_tensor(v->tensor, shape));
  }
  image.memory = make_axi_image(write_container(image.tensors), image.tensors, shape, kBase);
  image.golden = std::move(golden);
  return image;
}

/// Words of a descriptor that are wrong, one way after the other.
struct Forgery {
  unsigned word;
  std::uint32_t (*make)(std::uint32_t);
};
constexpr Forgery kForgeries[] = {
    {0, [](std::uint32_t w) { return w ^ 0x100; }},         // kind
    {0, [](std::uint32_t w) { return w | 0xf; }},           // R
    {0, [](std::uint32_t w) { return w & 0xffff; }},        // no stream
    {0, [](std::uint32_t w) { return w | 0xff00'0000; }},   // too many
    {0, [](std::uint32_t w) { return w | 0x8000; }},        // reserved
    {2, [](std::uint32_t w) { return w + 4; }},             // table words
    {3, [](std::uint32_t) { return std::uint32_t{0}; }},    // rows
    {3, [](std::uint32_t) { return std::uint32_t{257}; }},  // rows
    {4, [](std::uint32_t w) { return w + 0x0100'0000; }},   // table outside of the window
    {7, [](std::uint32_t w) { return w + 1; }},             // rows outside
    {9, [](std::uint32_t w) { return w ^ 0x8000'0000; }},   // records outside
    {10, [](std::uint32_t w) { return w + 0x0100'0000; }},  // streams outside
};

void put_word(AxiImage& memory, std::uint64_t address, std::uint32_t word) {
  for (unsigned b = 0; b < 4; ++b) {
    memory.bytes[address - memory.base + b] = static_cast<std::uint8_t>(word >> 8 * b);
  }
}

/// A good image, of which every second descriptor is forged; the last one has a table that is none.
Image forged_image(const AxiShape& shape, const std::string& name,
                   const std::vector<const Vector*>& good) {
  std::vector<const Vector*> vectors;
  for (std::size_t i = 0; i < 2 * std::size(kForgeries) + 3; ++i) {
    vectors.push_back(good[i % good.size()]);
  }
  Image image =
      axi_image(shape, name, "forged descriptors between good ones, a table of noise", vectors);
  image.golden.reset();
  AxiImage& memory = image.memory;
  const auto word = [&](std::uint64_t address) { return word_at(memory, address - memory.base); };
  for (std::size_t i = 0; i < std::size(kForgeries); ++i) {
    const Forgery& forgery = kForgeries[i];
    const std::uint64_t at = memory.descriptors + (2 * i + 1) * kDescriptorBytes + 4 * forgery.word;
    put_word(memory, at, forgery.make(word(at)));
  }
  const std::uint64_t last = memory.descriptors + (vectors.size() - 2) * kDescriptorBytes;
  const std::uint64_t table = word(last + 16) | std::uint64_t{word(last + 20)} << 32;
  put_word(memory, table, 0xffff'ffff);
  return image;
}

/// Values of good vectors in the form that lanes in lockstep take.
Image wide_image(const golden::VectorSet& set, LaneKind kind) {
  Image image{"wide_" + std::string(lane_kind_name(kind)),
              "values of the vectors for lanes in lockstep, and raw ones between",
              true,
              {.axi = {.shape = {.unit = {kind, 16, 10, kMaxApackRows}}}, .halves = 16},
              {},
              {},
              {},
              {}};
  unit::UnitShape& shape = image.unit.axi.shape.unit;
  if (kind == LaneKind::kTans) shape.table_log = kWideTans;
  wide::check_parameters(image.unit);
  const Coding coding = image.unit.coding();
  std::vector<AxiTensor> golden;
  for (const golden::PlannedVectors& planned : set.planned) {
    const Vector& v = planned.vectors.front();
    const Code& of = v.tensor.code;
    const bool fits = v.decoded.values.size() <= kMostWideValues && of.table_log <= shape.table_log;
    if (!fits || v.decoded.values.empty()) continue;  // none is coded: it would be stored raw
    if (of.coding != coding && of.coding != Coding::kRaw) continue;
    Tensor tensor{v.name, v.tensor.dtype, v.tensor.shape, v.decoded.values};
    Code code = of;
    if (uses_spread(coding) && of.coding != Coding::kRaw) code.spread = Spread::kStep;
    CodedTensor coded = encode(tensor, code, shape.n_lanes, 1);
    if (!wide::why_not_in_image(coded, image.unit).empty()) continue;
    golden.push_back(wide::make_tensor(coded, image.unit));
    image.tensors.push_back(std::move(coded));
    image.ids.push_back(v.id);
  }
  image.memory =
      wide::make_image(write_wide_container(image.tensors), image.tensors, image.unit, kBase);
  image.golden = std::move(golden);
  return image;
}

void write_image(golden::VectorSet& set, const Image& image) {
  const Expected wanted = expected(image);
  golden::SetFolder folder(set.root, std::filesystem::path("axi") / image.name);
  folder.add("image.bin", image.memory.bytes);
  std::string stalls;
  for (const auto& pattern : golden::stall_patterns(image.name)) {
    for (const std::uint64_t port : std::span(pattern).first<kStallPorts>()) {
      add_digits(stalls, port, 16);
      stalls += '\n';
    }
  }
  folder.add({{"params.svh", params(image, wanted)},
              {"image.hex", memory_text(image.memory)},
              {"writes.hex", registers_text(writes_of(image))},
              {"beats.hex", beats_text(wanted.beats)},
              {"registers.hex", registers_text(wanted.registers)},
              {"stalls.hex", stalls}});
  set.manifest["axi"].push_back({{"tcId", ++set.last_id},
                                 {"name", image.name},
                                 {"comment", image.comment},
                                 {"unit", image.is_wide ? "decoder_wide" : "decoder_axi"},
                                 {"kind", lane_kind_name(image.unit.axi.shape.unit.kind)},
                                 {"tensors", image.ids},
                                 {"beats", wanted.beats.size()},
                                 {"sha256", std::move(folder.hashes)}});
}

}  // namespace

void add_axi_images(golden::VectorSet& set) {
  set.manifest["axi"] = golden::json::array();
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    const auto kind = static_cast<LaneKind>(k);
    const std::string name(lane_kind_name(kind));
    const AxiShape shape{
        .unit = {kind, 4, max_lane_table_log(kind), static_cast<unsigned>(unit::max_rows(kind))}};
    const auto good = vectors_for(set, shape, true);
    write_image(set, axi_image(shape, name + "_good", "good tensors, jobs back to back", good));
    write_image(set, axi_image(shape, name + "_all", "good and damaged tensors, jobs back to back",
                               vectors_for(set, shape, false)));
    write_image(set, forged_image(shape, name + "_forged", good));
  }
  for (const LaneKind kind : {LaneKind::kNrans, LaneKind::kTans}) {
    write_image(set, wide_image(set, kind));
  }
}

}  // namespace transom::workbench
