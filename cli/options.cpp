// options.cpp — options of more than one verb: of a coding, of a unit, decimal fractions.
//
// An option that would change nothing is refused, and which codings an option belongs to is said
// here, once.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

#include "common.hpp"

namespace transom::cli {
namespace {

/// The codings that an option of add_coding() says something about.
struct Belongs {
  std::string_view option;
  bool (*to)(const Codec& c);
};
bool has_table(const Codec& c) { return c.coding != Coding::kRaw; }
bool has_spread(const Codec& c) {
  return has_table(c) && (c.lane == LaneKind::kTans || c.lane == LaneKind::kTansPair);
}
bool has_search(const Codec& c) { return has_table(c) && c.max_rows != 0 && !c.pairs; }
/// Chunks go to streams in turn: one stream has them all in the tensor's order.
bool has_turns(const CodingOptions& options) {
  return (options.n_lanes
              ? *options.n_lanes * streams_per_lane(find_codec(options.coding_name())->lane)
              : options.n_streams) > 1;
}
constexpr Belongs kBelongs[] = {{"--table-log", has_table},
                                {"--rows", has_table},
                                {"--spread", has_spread},
                                {"--search", has_search}};

std::vector<std::string> codec_names(bool (*which)(const Codec&)) {
  std::vector<std::string> names;
  for (const Codec& c : codecs()) {
    if (which(c)) names.emplace_back(c.name);
  }
  return names;
}

std::string why_not_of(const Belongs& belongs, const std::string& coding) {
  if (belongs.to(*find_codec(coding))) return {};
  std::string names;
  for (const std::string& name : codec_names(belongs.to)) {
    names += (names.empty() ? "" : ", ") + name;
  }
  return "it is for " + names + ", not for " + coding;
}

bool is_wide_coding(const std::string& name) {
  const Coding coding = find_codec(name)->coding;
  return coding == Coding::kApackNrans || coding == Coding::kApackTans;
}

constexpr std::uint32_t kLeastTile = 16;  // less is descriptors alone

constexpr std::size_t kMostDigits = 6, kMostDecimals = 3;

bool is_digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Empty for anything but digits, at most three of them behind a point and six before it: no sign,
/// no exponent, no blank.
std::optional<std::uint32_t> parse_thousandths(const std::string& text) {
  const std::size_t point = text.find('.');
  const std::string whole = text.substr(0, point);
  std::string decimals = point == std::string::npos ? "" : text.substr(point + 1);
  if (whole.empty() || whole.size() > kMostDigits || !is_digits(whole)) return {};
  if (point != std::string::npos && decimals.empty()) return {};
  if (decimals.size() > kMostDecimals || !is_digits(decimals)) return {};
  decimals.resize(kMostDecimals, '0');
  return static_cast<std::uint32_t>(std::stoul(whole + decimals));
}

}  // namespace

Option* add_coding(App& app, CodingOptions& options, ContainerUse container) {
  const auto add = [&](const std::string& name, auto& value, const std::string& what) {
    const auto* belongs = std::find_if(std::begin(kBelongs), std::end(kBelongs),
                                       [&](const Belongs& b) { return b.option == name; });
    const bool of_unit = container.table_log_is_units && name == "--table-log";
    return app.add_option(name, value, what)->no_effect_if([=, &options]() -> std::string {
      if (container.holds()) return of_unit ? "" : container.why();
      const bool of_wide = name == "--table-log" || name == "--rows" ||
                           (name == "--coding" && is_wide_coding(options.coding_name()));
      if (container.unit != nullptr && container.unit->wide()) {
        return of_wide ? "" : why_not_of_wide(container.unit);
      }
      if (name == "--chunk" && !has_turns(options)) return "there is one stream";
      return belongs == std::end(kBelongs) ? "" : why_not_of(*belongs, options.coding_name());
    });
  };
  add("--coding", options.coding,
      "how tensors are coded; one that would grow is stored raw instead [default: apack-tans; of "
      "the wide unit: apack-nrans, or apack-tans, in the step spread with R up to 8]")
      ->check(IsMember(codec_names([](const Codec&) { return true; })));
  add("--table-log", options.table_log,
      "R: tables of 2^R slots, 0..14 [default: what costs the fewest bits in total, "
      "the table counted, up to 12; apack-ac always takes 10, apack-nrans 12 at most]")
      ->check(Range(0u, kMaxTableLog));
  add("--rows", options.rows,
      "most value ranges of an APack table, 1..16 (tans and rans of 16 bits or floats: 1..256) "
      "[default: what costs the fewest bits in total]")
      ->check(Range(1u, kMaxAlphabet));
  Option* const chunk =
      add("--chunk", options.chunk,
          "k: consecutive values per turn of a stream; 1 is in-order hardware, more suits a GPU")
          ->check(Range(1u, 0xffff'ffffu))
          ->capture_default_str();
  add("--spread", options.spread,
      "how tANS symbols lie over the slots [default: tuned; with --for-unit bytes, step where the "
      "unit reads less so: it builds such tables of at most 16 rows]")
      ->check(IsMember(spread_names()));
  add("--search", options.search,
      "where APack's ranges come from: tables tried for the fewest words (integers by tANS, else "
      "as "
      "exact), the ranges that no others beat in an ideal coder's bits, or the search "
      "released with Atalanta (16 rows; apack-tans, apack-rans, apack-ac, apack-nrans) to compare "
      "with")
      ->check(IsMember(search_names()))
      ->capture_default_str();
  app.add_option("--tile", options.tile,
                 "cut each tensor into tiles of so many values, each a tensor with a table of its "
                 "own: what can be reached at random, since a stream is decoded from its beginning")
      ->check(Range(kLeastTile, 0xffff'ffffu))
      ->no_effect_if([=] { return container.holds() ? container.why() : ""; });
  return chunk;
}

Option* add_streams(App& app, CodingOptions& options, ContainerUse container) {
  return app
      .add_option("--streams", options.n_streams,
                  "streams of a tensor, each with a state of its own; rANS and arithmetic lanes "
                  "want two each for their value per cycle [default: 4]")
      ->check(Range(1u, kMaxStreams))
      ->no_effect_if(
          [=] { return container.holds() ? container.why() : why_not_of_wide(container.unit); });
}

Option* add_lanes(App& app, CodingOptions& options) {
  return app
      .add_option("--lanes", options.n_lanes,
                  "lanes of the hardware unit; a tensor of a trace gets as many streams as they "
                  "decode")
      ->check(Range(1u, kMaxWideLanes));
}

Option* add_max_rows(App& app, std::optional<unsigned>& rows, const std::string& otherwise) {
  return app
      .add_option("--max-rows", rows,
                  "value ranges of a table that the hardware unit has room for, 16 or 256 "
                  "[default: " +
                      otherwise + "]")
      ->check(IsMember({std::to_string(kMaxApackRows), std::to_string(kMaxAlphabet)}));
}

Option* add_threads(App& app, std::size_t& threads) {
  return app
      .add_option("--threads", threads,
                  "how many tensors are worked on at a time; the result is the same "
                  "[default: as many as there are processors]")
      ->check(Range(1u, 1024u));
}

Option* add_for_unit(App& app, CodingOptions& options, ContainerUse container) {
  return app
      .add_option(
          "--for-unit", options.for_unit,
          "what the plan makes least, by R, rows and streams of each tensor: the cycles of "
          "the unit with its memory, the bytes that it reads (expanded tables, rows, "
          "records, whole beats), or the file's bits, with tensors stored raw, which a unit "
          "decodes at one value per cycle [default: the file's bits, none stored raw, as "
          "many streams as the lanes decode; of the wide unit: least of the "
          "sum of its cycles and those of its bytes on the bus]")
      ->check(IsMember(plan_goals()))
      ->no_effect_if([=] { return container.holds() ? container.why() : ""; });
}

std::string why_not_of_wide(const UnitOptions* unit) {
  const bool wide = unit != nullptr && unit->wide();
  return wide ? "the wide unit decodes apack-nrans, or apack-tans in the step spread, and raw, a "
                "value of each stream at a time"
              : "";
}

void add_unit(App& app, UnitOptions& options, const std::function<std::string()>& why_not) {
  system::AxiPressure& pressure = options.pressure;
  app.add_option("--unit", options.kind,
                 "axi: decoder_axi, lanes with streams of their own. wide: decoder_wide, lanes in "
                 "lockstep, a power of two 4..128 of them, on one interleaved sequence, container "
                 "version 2 [default: axi; of a container of version 2, wide]")
      ->check(IsMember(unit_names()));
  app.add_option("--halves", options.halves,
                 "of the wide unit: 16-bit halfwords that its lanes are given in a cycle, a power "
                 "of two [default: as many as lanes, 8 at least]")
      ->check(Range(8u, 2 * kMaxWideLanes))
      ->no_effect_if([&options] { return options.wide() ? "" : "it is for --unit wide"; });
  app.add_option("--bus-bits", options.bus_bits,
                 "of the read bus: 64, 128, 256, 512 [default: those of the units that rtl/AXI.md "
                 "measures, else 8 for each value of a beat]")
      ->no_effect_if(why_not);
  app.add_option("--burst-beats", options.burst_beats, "most beats of a burst, a power of two")
      ->check(Range(2u, 256u))
      ->capture_default_str()
      ->no_effect_if(why_not);
  app.add_option(
         "--fifo-beats", options.fifo_beats,
         "beats that each prefetch FIFO holds, a power of two, two bursts or more: two FIFOs "
         "for each stream, one of the sequencer [default: 32, or two bursts]; the wide unit has "
         "one in all [128]")
      ->check(Range(4u, system::kMaxFifoBeats))
      ->no_effect_if(why_not);
  app.add_option("--value-beats", options.value_beats,
                 "beats of a stream's values that may wait for other streams, a power of two")
      ->check(Range(2u, system::kMaxFifoBeats))
      ->capture_default_str()
      ->no_effect_if([why_not, &options] {
        const std::string why = why_not();
        return why.empty() ? why_not_of_wide(&options) : why;
      });
  add_decimal(app, "--mem-bytes-per-cycle", pressure.memory_rate, 64,
              "bandwidth of the memory, such as 6.4 [default: a beat of the bus]")
      ->no_effect_if(why_not);
  app.add_option("--mem-latency", pressure.latency, "cycles from a burst's address to its data")
      ->check(Range(0u, 100'000u))
      ->capture_default_str()
      ->no_effect_if(why_not);
  app.add_option("--mem-outstanding", options.mem_outstanding,
                 "bursts that the memory holds at a time; the unit has 16 on their way at most, or "
                 "the power of two that this needs")
      ->check(Range(1u, 128u))
      ->capture_default_str()
      ->no_effect_if(why_not);
}

Option* add_decimal(App& app, const std::string& name, std::uint32_t& thousandths,
                    std::uint32_t most, const std::string& what) {
  const auto take = [&thousandths, most, name](const std::string& text) {
    const auto value = parse_thousandths(text);
    if (!value || *value == 0 || *value > most * 1000) {
      throw BadValue(name, "'" + text +
                               "' is not a decimal number of at most three decimals, 0.001.." +
                               std::to_string(most));
    }
    thousandths = *value;
  };
  return app.add_option_function(name, take, what)->type_name("DECIMAL");
}

}  // namespace transom::cli
