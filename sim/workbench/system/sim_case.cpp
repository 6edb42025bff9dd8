// sim_case.cpp — what `transom sim` runs: tensors in a memory, a unit, its surroundings.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/system/sim_case.hpp"

#include <algorithm>
#include <bit>

#include "transom/base/printable.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/system/axi_rates.hpp"
#include "transom/unit/job.hpp"
#include "transom/wide/image.hpp"

namespace transom::workbench {
namespace {

constexpr std::uint64_t kBase = 0x8000'0000;  // where the file is in memory

std::uint32_t lanes_of(const std::vector<CodedTensor>& tensors, LaneKind kind) {
  std::size_t streams = 1;
  for (const CodedTensor& tensor : tensors) {
    if (tensor.code.coding != Coding::kRaw) streams = std::max(streams, tensor.streams.size());
  }
  const unsigned each = streams_per_lane(kind);
  return static_cast<std::uint32_t>((streams + each - 1) / each);
}

/// The coding of the most values; raw, which fits tANS lanes only, if there is no other.
const Codec& main_codec(const std::vector<CodedTensor>& tensors) {
  const Codec* main = &codec(Coding::kRaw);
  std::uint64_t most = 0;
  for (const Codec& c : codecs()) {
    std::uint64_t n = 0;
    for (const CodedTensor& tensor : tensors) {
      if (tensor.code.coding == c.coding) n += tensor.layout().n_values;
    }
    if (c.coding == Coding::kRaw || n <= most) continue;
    main = &c;
    most = n;
  }
  return *main;
}

unsigned largest_table_log(const std::vector<CodedTensor>& tensors, unsigned least) {
  for (const CodedTensor& tensor : tensors) least = std::max(least, tensor.code.table_log);
  return least;
}

unsigned rows_for(const std::vector<CodedTensor>& tensors) {
  const bool few = std::all_of(tensors.begin(), tensors.end(), [](const CodedTensor& tensor) {
    return tensor.code.rows.size() <= kMaxApackRows;
  });
  return few ? kMaxApackRows : kMaxAlphabet;
}

/// Throws if there is no RTL at all.
void check_rtl() {
#ifndef TRANSOM_HAVE_RTL
  throw std::invalid_argument(
      "--against-rtl: this program was built without Verilator; install it and build again");
#endif
}

/// Throws unless there is such a unit, whatever its tables.
system::AxiParameters unit_of(const SimOptions& options, const unit::UnitShape& shape) {
  const system::AxiParameters unit = options.unit.parameters(shape);
  if (options.against_rtl) check_rtl();
  return unit;
}

system::AxiPressure pressure_of(const SimOptions& options) {
  system::AxiPressure pressure = options.unit.memory();
  pressure.ar_closed = pressure.r_closed = options.pause;
  pressure.values_closed = pressure.lite_closed = options.pause;
  return pressure;
}

/// Each costs some 80 bytes of what the bench expects, and a cycle model its time.
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 24;

void check_values(std::uint64_t n_values, const std::string& input) {
  if (n_values <= kMostValues) return;
  throw std::invalid_argument(input + ": " + std::to_string(n_values) +
                              " values; sim takes up to " + std::to_string(kMostValues) +
                              ", give it fewer tensors");
}

/// Before anything is made of them.
std::vector<CodedTensor> checked_container(const std::string& input) {
  std::vector<CodedTensor> tensors = read_container(input);
  std::uint64_t n_values = 0;
  for (const CodedTensor& tensor : tensors) n_values += tensor.layout().n_values;
  check_values(n_values, input);
  for (const CodedTensor& tensor : tensors) {
    const Status status = decode(tensor).status;
    if (status == Status::kOk) continue;
    throw DataError(input + ": tensor '" + tensor.name + "': " + std::string(status_name(status)) +
                    ": its streams are damaged; code the trace again");
  }
  return tensors;
}

std::vector<Tensor> checked_trace(const SimOptions& options) {
  std::vector<Tensor> trace = read_trace_to_code(options.input, options.coding);
  std::uint64_t n_values = 0;
  for (const Tensor& tensor : trace) n_values += tensor.values.size();
  check_values(n_values, options.input);
  return trace;
}

/// Into the memory, and what should come out.
void lay_out(SimCase& made) {
  const std::vector<std::uint8_t> file =
      made.wide ? write_wide_container(made.tensors) : write_container(made.tensors);
  made.file_bytes = file.size();
  made.image = made.wide ? wide::make_image(file, made.tensors, *made.wide, kBase)
                         : system::make_axi_image(file, made.tensors, made.unit.shape, kBase);
  for (const CodedTensor& tensor : made.tensors) {
    made.golden.push_back(made.wide ? wide::make_tensor(tensor, *made.wide)
                                    : system::make_axi_tensor(tensor, made.unit.shape));
  }
}

std::string name_of(const std::filesystem::path& input) {
  const std::filesystem::path path = std::filesystem::absolute(input).lexically_normal();
  const std::filesystem::path last = path.has_filename() ? path : path.parent_path();
  return std::filesystem::is_directory(last) ? last.filename().string() : last.stem().string();
}

}  // namespace

std::uint64_t SimCase::n_values() const {
  std::uint64_t n = 0;
  for (const CodedTensor& tensor : tensors) n += tensor.layout().n_values;
  return n;
}

std::uint64_t SimCase::raw_bytes() const {
  std::uint64_t n = 0;
  for (const CodedTensor& tensor : tensors) n += workbench::raw_bytes(tensor);
  return n;
}

std::size_t SimCase::n_raw() const {
  return static_cast<std::size_t>(
      std::count_if(tensors.begin(), tensors.end(),
                    [](const CodedTensor& tensor) { return tensor.code.coding == Coding::kRaw; }));
}

std::uint64_t SimCase::bytes_read(std::size_t tensor) const {
  if (wide) return 4 * wide_record(tensors[tensor]).size();
  return system::traffic_of(image, static_cast<std::uint32_t>(tensor), unit.beat_bytes()).total();
}

std::uint64_t SimCase::load_cycles() const {
  std::uint64_t n = 0;
  for (const CodedTensor& tensor : tensors) {
    n += system::load_cycles(unit, pressure, plan_sizes(tensor));
  }
  return n;
}

namespace {

void make_wide(const SimOptions& options, SimCase& made) {
  LaneKind kind = wide_lane_kind(options.coding);
  if (options.against_rtl) check_rtl();
  std::uint32_t lanes = options.coding.n_lanes.value_or(kDefaultLanes);
  if (is_container(options.input)) {
    made.tensors = checked_container(options.input);
    if (main_codec(made.tensors).coding == Coding::kApackTans) kind = LaneKind::kTans;
    if (!options.coding.n_lanes) {
      lanes = std::bit_ceil(std::max(kDefaultLanes, lanes_of(made.tensors, kind)));
    }
    made.wide = options.unit.wide_parameters(lanes, kind);
  } else {
    made.wide = options.unit.wide_parameters(lanes, kind);  // before the work of coding
    made.tensors = encode_for_unit(checked_trace(options), options.coding, options.unit);
  }
  if (made.tensors.empty()) throw std::invalid_argument("there is no tensor to decode");
  for (const CodedTensor& tensor : made.tensors) {
    const std::string why = wide::why_not_in_image(tensor, *made.wide);
    if (!why.empty()) throw std::invalid_argument("tensor '" + tensor.name + "': " + why);
  }
  made.coding = codec(made.wide->coding()).name;
  made.unit = made.wide->axi;
  lay_out(made);
}

/// The unit that is asked for, or the one that a container is written for.
bool is_wide(const SimOptions& options) {
  if (options.unit.kind || !is_container(options.input)) return options.unit.wide();
  return container_version(options.input) == kWideContainerVersion;
}

}  // namespace

SimCase make_sim_case(const SimOptions& given) {
  SimOptions options = given;
  if (is_wide(options)) options.unit.kind = "wide";
  SimCase made;
  made.trace = printable(name_of(options.input));
  made.pressure = pressure_of(options);
  if (options.unit.wide()) {
    make_wide(options, made);
    return made;
  }
  made.coding = options.coding.coding_name();
  unit::UnitShape shape{codec(options.coding.plan().coding).lane,
                        options.coding.n_lanes.value_or(kDefaultLanes)};
  if (is_container(options.input)) {
    made.tensors = checked_container(options.input);
    const Codec& main = main_codec(made.tensors);
    made.coding = main.name;
    shape.kind = main.lane;
    if (!options.coding.n_lanes) shape.n_lanes = lanes_of(made.tensors, shape.kind);
    made.unit = unit_of(options, shape);
  } else {
    made.unit = unit_of(options, shape);  // before the work of coding
    made.tensors = encode_for_unit(checked_trace(options), options.coding, options.unit);
  }
  if (made.tensors.empty()) throw std::invalid_argument("there is no tensor to decode");
  const unsigned least = std::max(kMinLaneTableLog, options.coding.table_log.value_or(0));
  made.unit.shape.unit.table_log =
      options.coding.table_log ? least : largest_table_log(made.tensors, least);
  if (options.against_rtl && !options.coding.table_log) {  // one RTL for all traces
    made.unit.shape.unit.table_log = max_lane_table_log(shape.kind);
  }
  made.unit.shape.unit.max_rows =
      options.max_rows.value_or(options.against_rtl ? kMaxAlphabet : rows_for(made.tensors));
  system::check_parameters(made.unit);
  lay_out(made);
  return made;
}

SimCase only(const SimCase& all, std::size_t tensor) {
  SimCase one{.trace = all.trace,
              .coding = all.coding,
              .tensors = {all.tensors.at(tensor)},
              .unit = all.unit,
              .wide = all.wide,
              .pressure = all.pressure,
              .image = {},
              .golden = {}};
  lay_out(one);
  return one;
}

}  // namespace transom::workbench
