// sim_report.cpp — what a run of `transom sim` amounts to, as JSON and as text.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/system/sim_report.hpp"

#include <algorithm>

#include "transom/container/container.hpp"
#include "transom/system/axi_rates.hpp"
#include "transom/system/memories.hpp"
#include "transom/system/raw_read.hpp"
#include "transom/unit/job.hpp"
#include "transom/workbench/text.hpp"

namespace transom::workbench {

const char* const kSimKeys =
    "Keys of --json:\n"
    "  trace, coding (asked for; of a container that of the most values), tensors, stored_raw "
    "(how\n"
    "    many of them), values, raw_bytes (values, packed), file_bytes, ratio (raw / file)\n"
    "  unit: kind, lanes, streams, table_log, max_rows, bus_bits, burst_beats, outstanding,\n"
    "    fifo_beats, fifo_bytes (of all prefetch FIFOs), value_beats, value_fifo_bytes\n"
    "  memory: bytes_per_cycle (the unit's bus may take less), latency, more_latency, "
    "outstanding;\n"
    "    pause, seed\n"
    "  consumer: values_per_cycle (null: takes every beat), burst\n"
    "  table_bits: 2 banks x (2^R entries, of symbol, nbits and base [arith, nrans: 16 counts], "
    "and\n"
    "    max_rows rows of 21 bits), one copy; table_bits_all_ports: a copy for each read port\n"
    "  cycles: start to done; values_per_cycle; of_peak: of a full beat of values in every cycle\n"
    "  bytes_read: all that the bus carried, whole beats; raw_over_read: raw_bytes / bytes_read\n"
    "  raw_bytes_out_per_cycle, bytes_read_per_cycle, read_bus_use (beats / cycles)\n"
    "  raw_cycles: raw_bytes / memory bytes_per_cycle, whatever bus and bursts the unit has, or\n"
    "    what the consumer takes for the values if that is longer; gain: raw_cycles / cycles, "
    "under\n"
    "    1 a slowdown\n"
    "  first_value_cycle: from the start to the first beat of values\n"
    "  roofline: values per cycle that the lanes, the bandwidth (as far as the bus takes it, for "
    "the\n"
    "    bytes read), the loads (of tables, rows, records, one after the other; rtl/AXI.md, "
    "\"Rates\")\n"
    "    and the consumer allow at most; binds: the least of them; reached: of that\n"
    "  stalls: stream cycles by cause; stall_fractions: of streams x cycles; the rest gave values\n"
    "  of the wide unit: unit.kind wide, lane_kind, halves (halfwords in a cycle), no value FIFOs; "
    "stalls: "
    "cycles\n"
    "    by cause, in which no round was decoded: fill, words, router, consumer, parse, drain; no "
    "loads;\n"
    "    bytes_read of a layer: its record\n"
    "  layers, one per tensor: name, coding, table_log, rows, streams, values, bits, raw_bytes,\n"
    "    bytes_read (descriptor, table, rows, records and streams, in whole beats), ratio, "
    "raw_over_read,\n"
    "    first_value_cycle, last_value_cycle (from the start), cycles (from the last beat of the\n"
    "    tensor before it, or the start, to its own), values_per_cycle, gain, stalls (in that "
    "span)\n"
    "    with --alone also alone: bytes_read, first_value_cycle, cycles of the tensor by itself\n"
    "  with --also, whose unit reads the same memory meanwhile: also, the same keys of it, and\n"
    "    together: cycles (of the longer), cycles_alone, also_cycles_alone, values, raw_bytes,\n"
    "    raw_cycles (of both one after the other), gain\n"
    "  loosely_timed: cycles, error (over the cycle model's); with --time values_per_second,\n"
    "    golden_values_per_second, speed (their ratio)\n"
    "  rtl, with --against-rtl: cycles. mismatches; findings, if there are any";

namespace {

double per(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
}
double units(std::uint32_t tokens) { return per(tokens, system::kTokensPerUnit); }

json stalls_json(const SimCase& c, const system::AxiCounters& at,
                 const system::AxiCounters& before) {
  const auto of = [&](system::AxiCounter n) { return at[n] - before[n]; };
  if (c.wide) {
    return {{"fill", of(system::kCountFill)},          {"words", of(system::kCountSymbolWords)},
            {"router", of(system::kCountOffsetWords)}, {"consumer", of(system::kCountConsumer)},
            {"parse", of(system::kCountTurn)},         {"drain", of(system::kCountIdle)}};
  }
  return {{"fill", of(system::kCountFill)},
          {"symbol_words", of(system::kCountSymbolWords)},
          {"offset_words", of(system::kCountOffsetWords)},
          {"consumer", of(system::kCountConsumer)},
          {"turn", of(system::kCountTurn)},
          {"idle", of(system::kCountIdle)}};
}

json fractions(const json& stalls, std::uint64_t stream_cycles) {
  json all = json::object();
  for (const auto& [cause, n] : stalls.items()) {
    all[cause] = per(n.get<std::uint64_t>(), stream_cycles);
  }
  return all;
}

/// The registers hold what counts at the end.
system::AxiCounters counters_of(const system::AxiRun& run) {
  system::AxiCounters counters{};
  for (unsigned c = 0; c < system::kAxiCounters; ++c) {
    counters[c] = run.counter(static_cast<system::AxiRegister>(
        static_cast<unsigned>(system::AxiRegister::kCycles) + 8 * c));
  }
  return counters;
}

std::uint64_t cycles_of(const system::AxiRun& run) {
  return run.registers.empty() ? 0 : run.counter(system::AxiRegister::kCycles);
}

json alone_json(const SimCase& c, const system::AxiRun& run) {
  return {{"bytes_read", run.beats_read * c.unit.beat_bytes()},
          {"first_value_cycle", run.first_beat_cycle - run.start_cycles.back()},
          {"cycles", cycles_of(run)}};
}

json layers_json(const SimCase& c, const SimResult& result) {
  const system::AxiRun& run = result.run;
  json layers = json::array();
  system::AxiCounters before{};
  const std::uint64_t start = run.start_cycles.back();
  for (std::size_t i = 0; i < std::min(run.layers.size(), c.tensors.size()); ++i) {
    const CodedTensor& tensor = c.tensors[i];
    const system::AxiCounters& at = run.layers[i].counters;
    const std::uint64_t cycles = at[system::kCountCycles] - before[system::kCountCycles];
    const std::uint64_t values = tensor.layout().n_values;
    const std::uint64_t raw = raw_bytes(tensor);
    const std::uint64_t read = c.bytes_read(i);
    const std::uint64_t raw_cycles =
        system::raw_read_cycles(c.pressure, c.unit.beat_bytes(), raw, values);
    layers.push_back({{"name", tensor.name},
                      {"coding", codec(tensor.code.coding).name},
                      {"table_log", tensor.code.table_log},
                      {"rows", tensor.code.rows.size()},
                      {"streams", tensor.streams.size()},
                      {"values", values},
                      {"bits", tensor.dtype.bits},
                      {"raw_bytes", raw},
                      {"bytes_read", read},
                      {"ratio", per(raw, c.wide ? read : record_bytes(tensor).coded())},
                      {"raw_over_read", per(raw, read)},
                      {"first_value_cycle", run.layers[i].first_beat_cycle - start},
                      {"last_value_cycle", run.layers[i].last_beat_cycle - start},
                      {"cycles", cycles},
                      {"values_per_cycle", per(values, cycles)},
                      {"gain", per(raw_cycles, cycles)},
                      {"stalls", stalls_json(c, at, before)}});
    if (!result.alone.empty()) layers.back()["alone"] = alone_json(c, result.alone.at(i));
    before = at;
  }
  return layers;
}

json unit_json(const SimCase& c) {
  const system::AxiParameters& unit = c.unit;
  json all{{"kind", c.wide ? "wide" : lane_kind_name(unit.shape.unit.kind)},
           {"lanes", unit.shape.unit.n_lanes},
           {"streams", unit.n_streams()},
           {"table_log", unit.shape.unit.table_log},
           {"max_rows", unit::max_rows(unit.shape.unit)},
           {"bus_bits", unit.shape.data_bits},
           {"burst_beats", unit.max_burst},
           {"outstanding", unit.outstanding},
           {"fifo_beats", unit.fifo_beats}};
  if (c.wide) {
    all["fifo_bytes"] = unit.fifo_beats * unit.beat_bytes();
    all["lane_kind"] = lane_kind_name(unit.shape.unit.kind);
    all["halves"] = c.wide->halves;
  } else {
    all["fifo_bytes"] = unit.fifo_bytes();
    all["value_beats"] = unit.value_beats;
    all["value_fifo_bytes"] = unit.value_fifo_bytes();
  }
  return all;
}

/// Bits of tables, one copy, and of a copy for each read port.
std::pair<std::uint64_t, std::uint64_t> table_bits(const SimCase& c) {
  if (c.wide) return {c.wide->table_bits(), c.wide->table_bits()};
  const system::UnitMemories tables = system::unit_memories(c.unit.shape);
  return {tables.bits(), tables.bits_of_all_ports()};
}

json case_json(const SimCase& c) {
  const system::AxiPressure& p = c.pressure;
  const json rate = p.consumer_rate == 0 ? json() : json(units(p.consumer_rate));
  const auto [one_copy, all_ports] = table_bits(c);
  return {{"trace", c.trace},
          {"coding", c.coding},
          {"unit", unit_json(c)},
          {"memory",
           {{"bytes_per_cycle", units(system::full_memory_tokens(p, c.unit.beat_bytes()))},
            {"latency", p.latency},
            {"more_latency", p.more_latency},
            {"outstanding", p.memory_outstanding},
            {"pause", p.r_closed},
            {"seed", p.seed}}},
          {"consumer", {{"values_per_cycle", rate}, {"burst", p.consumer_burst}}},
          {"tensors", c.tensors.size()},
          {"stored_raw", c.n_raw()},
          {"values", c.n_values()},
          {"raw_bytes", c.raw_bytes()},
          {"file_bytes", c.file_bytes},
          {"ratio", per(c.raw_bytes(), c.file_bytes)},
          {"table_bits", one_copy},
          {"table_bits_all_ports", all_ports}};
}

json loosely_timed_json(const LooselyTimed& lt, std::uint64_t cycles) {
  json result{{"cycles", lt.cycles},
              {"error",
               cycles == 0 ? 0 : static_cast<double>(lt.cycles) / static_cast<double>(cycles) - 1}};
  if (lt.values_per_second > 0) {
    result["values_per_second"] = lt.values_per_second;
    result["golden_values_per_second"] = lt.golden_values_per_second;
    result["speed"] = lt.values_per_second / lt.golden_values_per_second;
  }
  return result;
}

/// What each part of the system allows at most, in values per cycle.
json roofline_json(const SimCase& c, std::uint64_t read, double reached) {
  const auto values = static_cast<double>(c.n_values());
  const double bandwidth = units(system::memory_tokens(c.pressure, c.unit.beat_bytes()));
  json roofs{
      {"lanes", c.unit.shape.beat_values()},
      {"bandwidth", values * bandwidth / static_cast<double>(std::max<std::uint64_t>(read, 1))},
  };
  if (!c.wide) roofs["loads"] = per(c.n_values(), c.load_cycles());
  if (c.pressure.consumer_rate != 0) roofs["consumer"] = units(c.pressure.consumer_rate);
  const auto least = std::min_element(roofs.begin(), roofs.end());
  const std::string binds = least.key();
  const double bound = least->get<double>();
  roofs["binds"] = binds;
  roofs["reached"] = bound == 0 ? 0 : reached / bound;
  return roofs;
}

void add_run(const SimCase& c, const SimResult& result, json& into) {
  const system::AxiCounters counters = counters_of(result.run);
  const std::uint64_t cycles = counters[system::kCountCycles];
  const std::uint64_t values = c.n_values();
  const std::uint64_t beats = counters[system::kCountBeatsRead];
  const std::uint64_t read = beats * c.unit.beat_bytes();
  const std::uint64_t raw_cycles =
      system::raw_read_cycles(c.pressure, c.unit.beat_bytes(), c.raw_bytes(), values);
  const json stalls = stalls_json(c, counters, {});
  into.update({{"cycles", cycles},
               {"values_per_cycle", per(values, cycles)},
               {"of_peak", per(values, cycles * c.unit.shape.beat_values())},
               {"bytes_read", read},
               {"raw_over_read", per(c.raw_bytes(), read)},
               {"raw_bytes_out_per_cycle", per(c.raw_bytes(), cycles)},
               {"bytes_read_per_cycle", per(read, cycles)},
               {"read_bus_use", per(beats, cycles)},
               {"raw_cycles", raw_cycles},
               {"gain", per(raw_cycles, cycles)},
               {"first_value_cycle", result.run.first_beat_cycle - result.run.start_cycles.back()},
               {"roofline", roofline_json(c, read, per(values, cycles))},
               {"stalls", stalls},
               {"stall_fractions", fractions(stalls, cycles * (c.wide ? 1 : c.unit.n_streams()))},
               {"layers", layers_json(c, result)}});
  if (result.loosely_timed) {
    into["loosely_timed"] = loosely_timed_json(*result.loosely_timed, cycles);
  }
}

std::string shown(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? fixed(value.get<double>(), 4) : value.dump();
}

std::string layers_text(const json& layers) {
  std::vector<std::string> header{
      "tensor", "coding", "R",        "rows",        "streams", "values", "bits",      "raw",
      "read",   "ratio",  "raw/read", "first value", "last",    "cycles", "per cycle", "gain"};
  for (const auto& [cause, n] : layers.at(0).at("stalls").items()) header.push_back(cause);
  if (layers.at(0).contains("alone")) {
    header.insert(header.end(), {"alone: read", "first value", "cycles"});
  }
  Table table(header);
  for (const json& layer : layers) {
    std::vector<std::string> row;
    for (const auto& [key, value] : layer.items()) {
      if (!value.is_object()) row.push_back(shown(value));
    }
    for (const char* part : {"stalls", "alone"}) {
      if (!layer.contains(part)) continue;
      for (const auto& [what, n] : layer.at(part).items()) row.push_back(shown(n));
    }
    table.add(row);
  }
  return table.text();
}

/// What the gain means is said with it.
std::string shown_of(const std::string& key, const json& value) {
  const bool slow = key == "gain" && value.get<double>() < 1;
  return slow ? "slowdown  " + shown(value) : shown(value);
}

}  // namespace

json to_json(const SimCase& c, const SimResult& result) {
  json all = case_json(c);
  if (!result.run.registers.empty()) add_run(c, result, all);
  if (result.rtl_cycles) all["rtl"] = {{"cycles", *result.rtl_cycles}};
  all["mismatches"] = result.mismatches;
  if (!result.findings.empty()) all["findings"] = result.findings;
  return all;
}

json shared_json(const SharedRun& first, const SharedRun& second) {
  json all = to_json(first.c, first.result);
  all["also"] = to_json(second.c, second.result);
  const std::uint64_t cycles = std::max(cycles_of(first.result.run), cycles_of(second.result.run));
  const std::uint64_t values = first.c.n_values() + second.c.n_values();
  const std::uint64_t raw = first.c.raw_bytes() + second.c.raw_bytes();
  const std::uint64_t read =
      system::raw_read_cycles(first.c.pressure, first.c.unit.beat_bytes(), raw, values);
  all["together"] = {{"cycles", cycles},
                     {"cycles_alone", first.alone_cycles},
                     {"also_cycles_alone", second.alone_cycles},
                     {"values", values},
                     {"values_per_cycle", per(values, cycles)},
                     {"raw_bytes", raw},
                     {"raw_cycles", read},
                     {"gain", per(read, cycles)}};
  return all;
}

std::string to_text(const json& result) {
  Table table({"", "value"});
  for (const auto& [key, value] : result.items()) {
    if (key == "also") continue;
    if (value.is_object()) {
      for (const auto& [inner, n] : value.items())
        table.add({key + ", " + inner, shown_of(inner, n)});
    } else if (!value.is_array()) {
      table.add({key, shown_of(key, value)});
    }
  }
  std::string text = table.text();
  if (result.contains("layers") && !result["layers"].empty()) {
    text += "\n" + layers_text(result["layers"]) + "\n";
  }
  if (result.contains("also")) text += "also\n" + to_text(result["also"]) + "\n";
  if (result.contains("findings")) {
    for (const json& finding : result["findings"]) text += finding.get<std::string>() + "\n";
  }
  return text + result["mismatches"].dump() + " mismatches\n";
}

}  // namespace transom::workbench
