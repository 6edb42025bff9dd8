// bad_loads.cpp — loads of which a word is of no table: what rtl/lane/table_check.sv must notice.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "transom/cycle/run.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/workbench/vectors/vector_set.hpp"

namespace transom::workbench {
namespace {

using golden::LaneVector;
using Words = std::vector<std::uint32_t>;

constexpr const char* kBadLoadFlag = "BadLoad";

std::uint32_t table_size(const LaneVector& v) { return std::uint32_t{1} << v.table_log; }
std::uint16_t to_half(std::uint32_t n) { return static_cast<std::uint16_t>(n); }
symbol_t no_row(const LaneVector& v) { return static_cast<symbol_t>(v.rows.size()); }

/// A word of the middle, changed as an entry.
template <class Change>
void change_entry(LaneVector& v, Change change) {
  std::uint32_t& word = v.table[v.table.size() / 2];
  Entry entry = to_entry(word);
  change(entry);
  word = to_word(entry);
}
template <class Change>
void change_rans_entry(LaneVector& v, Change change) {
  std::uint32_t& word = v.table[v.table.size() / 2];
  RansEntry entry = to_rans_entry(word);
  change(entry);
  word = to_word(entry);
}
/// A word of those that a write has at once: its symbol is the first that has no row.
template <std::size_t At>
void no_symbol_at(LaneVector& v) {
  v.table[At] = (v.table[At] & ~0xffu) | no_row(v);
}
/// The same of one symbol of a pair.
template <std::size_t At, unsigned Shift>
void no_half_at(LaneVector& v) {
  v.table[At] = (v.table[At] & ~(15u << Shift)) | unsigned{no_row(v)} << Shift;
}
/// A word of a write: it leads to a state, or comes from a slot, that there is not.
template <std::size_t At>
void base_at(LaneVector& v) {
  Entry entry = to_entry(v.table[At]);
  entry.base = to_half(table_size(v));
  v.table[At] = to_word(entry);
}
template <std::size_t At>
void bias_at(LaneVector& v) {
  RansEntry entry = to_rans_entry(v.table[At]);
  entry.bias = entry.freq;
  v.table[At] = to_word(entry);
}
template <std::size_t At>
void freq_at(LaneVector& v) {
  RansEntry entry = to_rans_entry(v.table[At]);
  entry.freq = to_half(table_size(v) + 1);
  v.table[At] = to_word(entry);
}
/// Counts: of one word of a write.
template <std::size_t At>
void falls_at(LaneVector& v) {
  v.table[At] = v.table[At - 1] - 1;
}
template <std::size_t At>
void over_at(LaneVector& v) {
  v.table[At] = table_size(v) + 1;
}

/// One way in which a load is none.
struct BadLoad {
  const char* name;
  const char* changed;
  void (*apply)(LaneVector&);
};

template <std::uint8_t OffsetBits>
void row_of(LaneVector& v) {
  v.rows[v.rows.size() / 2] = to_word(Row{0, OffsetBits});
}
constexpr BadLoad kBadRows[] = {
    {"row_first", "the first row alone has 31 offset bits",
     [](LaneVector& v) { v.rows[0] |= std::uint32_t{31} << 16; }},
    {"row_17", "a row of 17 offset bits", row_of<17>},
    {"row_18", "a row of 18 offset bits", row_of<18>},
    {"row_20", "a row of 20 offset bits", row_of<20>},
    {"row_24", "a row of 24 offset bits", row_of<24>},
    {"row_31", "the last row has 31 offset bits",
     [](LaneVector& v) { v.rows.back() |= std::uint32_t{31} << 16; }},
};
constexpr BadLoad kBadEntries[] = {
    {"nbits", "an entry takes R + 1 bits",
     [](LaneVector& v) {
       change_entry(v, [&](Entry& e) {
         e = {e.symbol, static_cast<std::uint8_t>(v.table_log + 1), 0};
       });
     }},
    {"base", "an entry's base is 2^R",
     [](LaneVector& v) { change_entry(v, [&](Entry& e) { e.base = to_half(table_size(v)); }); }},
    {"sum", "an entry of 1 bit has the base 2^R - 1",
     [](LaneVector& v) {
       change_entry(v, [&](Entry& e) { e = {e.symbol, 1, to_half(table_size(v) - 1)}; });
     }},
    {"aligned", "an entry of 2 bits has the base 2",
     [](LaneVector& v) { change_entry(v, [](Entry& e) {
                           e = {e.symbol, 2, 2};
                         }); }},
    {"base_1", "a base of 2^R in the second word of a write", base_at<1>},
    {"base_2", "a base of 2^R in the third word of a write", base_at<2>},
    {"base_3", "a base of 2^R in the last word of a write", base_at<3>},
};
constexpr BadLoad kBadSymbols[] = {
    {"symbol", "an entry's symbol is the first that has no row",
     [](LaneVector& v) {
       v.table[v.table.size() / 2] = (v.table[v.table.size() / 2] & ~0xffu) | no_row(v);
     }},
    {"word_0", "the first word of the first write has no symbol", no_symbol_at<0>},
    {"word_1", "the second word of the first write has no symbol", no_symbol_at<1>},
    {"word_2", "the third word of the first write has no symbol", no_symbol_at<2>},
    {"word_3", "the fourth word of the first write has no symbol", no_symbol_at<3>},
    {"word_last", "the last word of the last write has no symbol",
     [](LaneVector& v) { v.table.back() |= 0xff; }},
};
constexpr BadLoad kBadPairs[] = {
    {"first", "the first symbol of a pair has no row", no_half_at<0, 0>},
    {"second", "the second symbol of a pair has no row", no_half_at<0, 4>},
    {"first_1", "the first symbol of a write's second word has no row", no_half_at<1, 0>},
    {"second_1", "the second symbol of a write's second word has no row", no_half_at<1, 4>},
    {"first_2", "the first symbol of a write's third word has no row", no_half_at<2, 0>},
    {"second_2", "the second symbol of a write's third word has no row", no_half_at<2, 4>},
    {"first_3", "the first symbol of a write's last word has no row", no_half_at<3, 0>},
    {"second_3", "the second symbol of a write's last word has no row", no_half_at<3, 4>},
};
constexpr BadLoad kBadRansEntries[] = {
    {"bias", "a slot is not below the frequency of its symbol",
     [](LaneVector& v) { change_rans_entry(v, [](RansEntry& e) { e.bias = e.freq; }); }},
    {"freq", "a frequency is 2^R + 1",
     [](LaneVector& v) {
       change_rans_entry(v, [&](RansEntry& e) { e = {e.symbol, to_half(table_size(v) + 1), 0}; });
     }},
    {"bias_1", "a slot that is none in the second word of a write", bias_at<1>},
    {"bias_2", "a slot that is none in the third word of a write", bias_at<2>},
    {"bias_3", "a slot that is none in the last word of a write", bias_at<3>},
    {"freq_1", "a frequency of 2^R + 1 in the second word of a write", freq_at<1>},
    {"freq_2", "a frequency of 2^R + 1 in the third word of a write", freq_at<2>},
    {"freq_3", "a frequency of 2^R + 1 in the last word of a write", freq_at<3>},
};
constexpr BadLoad kBadCounts[] = {
    {"first", "the first count is 1", [](LaneVector& v) { v.table[0] = 1; }},
    {"falls", "a count is below the one before", falls_at<3>},
    {"falls_in_next", "the first count of a write is below the last one of the write before",
     falls_at<4>},
    {"falls_1", "the second count of a write is below the first", falls_at<5>},
    {"falls_2", "the third count of a write is below the second", falls_at<6>},
    {"over", "a count is 2^R + 1", over_at<5>},
    {"over_0", "the first count of a write is 2^R + 1", over_at<4>},
    {"over_2", "the third count of a write is 2^R + 1", over_at<6>},
    {"over_3", "the last count of a write is 2^R + 1", over_at<7>},
    {"over_last", "the last count is 2^R + 1", over_at<15>},
    {"last", "the last count is 0", [](LaneVector& v) { v.table.back() = 0; }},
};
constexpr BadLoad kHighCounts[] = {
    {"falls_high", "high counts: the first of a write is below the last one before", falls_at<4>}};
void one_behind(LaneVector& v) { v.table[v.rows.size()] = table_size(v) - 1; }
constexpr BadLoad kBehind[] = {{"behind", "a count behind the last row is 2^R - 1", one_behind}};
constexpr BadLoad kBehind1[] = {{"behind_1", "the same, of a single row", one_behind}};
constexpr BadLoad kBehind2[] = {{"behind_2", "the same, of 14 rows", one_behind}};
constexpr BadLoad kBehind3[] = {{"behind_3", "the same, of 15 rows", one_behind}};
constexpr BadLoad kManyRows[] = {
    {"many_first", "of many rows the first has 31 offset bits",
     [](LaneVector& v) { v.rows[0] |= std::uint32_t{31} << 16; }},
};
/// What can be wrong with the loads of a kind, and the vector whose load it is.
struct KindOfLoad {
  const char* parent;
  std::vector<std::span<const BadLoad>> bad;
};
std::vector<KindOfLoad> kinds() {
  return {{"apack_tans_chunk", {kBadEntries, kBadSymbols, kBadRows}},
          {"tans_int16", {kManyRows}},
          {"rans_int16", {kBadRansEntries, kBadSymbols, kBadRows}},
          {"apack_ac_sparse", {kBadCounts, kBehind, kBadRows}},
          {"apack_ac_one", {kBehind1}},
          {"apack_ac_after", {kBehind2}},
          {"apack_ac_across", {kBehind3}},
          {"apack_ac_rare", {kHighCounts}},
          {"apack_pair_chunk", {kBadEntries, kBadPairs, kBadRows}},
          {"apack_nrans_chunk", {kBadCounts, kBehind, kBadRows}},
          {"apack_nrans_one", {kBehind1}},
          {"apack_nrans_after", {kBehind2}},
          {"apack_nrans_across", {kBehind3}},
          {"apack_nrans_rare", {kHighCounts}}};
}

}  // namespace

unit::Job load_job(const LaneVector& v) {
  unit::Job job{v.kind, v.table_log, v.table, v.rows, {}, {}};
  for (std::uint32_t s = 0; s < v.layout.n_streams; ++s) {
    job.streams.push_back({v.layout.stream_values(s), v.streams[s].symbols, v.streams[s].offsets});
  }
  return job;
}

namespace {

/// The steps as they retire.
class Recorder final : public unit::Observer {
 public:
  explicit Recorder(LaneVector& v) : v_(v) {
    v.steps.assign(v.streams.size(), {});
    v.values.clear();
  }
  void retire(std::uint64_t, unsigned s, const unit::Retire& got, std::uint64_t) override {
    auto& steps = v_.steps[s];
    const std::uint64_t before =
        steps.empty() ? golden::first_state_bits(v_.kind, v_.table_log) : steps.back().position;
    steps.push_back({got.symbol, got.state, before + got.take});
  }
  void value(std::uint64_t, unsigned, const std::array<value_t, 2>&, unsigned) override {}
  void finish(std::uint64_t, std::uint32_t, unsigned, Status) override {}

 private:
  LaneVector& v_;
};

/// What the cycle model makes of a load, which is what the RTL does.
void decode_load(LaneVector& v) {
  const unit::Job job = load_job(v);
  Recorder recorder(v);
  unit::Bench bench(unit::unit_shape(v.kind, job.streams.size()), {&job, 1}, {}, &recorder);
  const unit::Run run = cycle::run(bench);
  v.values.resize(v.layout.n_values);
  for (std::uint32_t s = 0; s < v.layout.n_streams; ++s) {
    v.statuses[s] = run.streams[s].jobs[0].status;
    auto value = run.streams[s].values.begin();
    v.layout.for_each(s, [&](std::uint32_t i) { v.values[i] = *value++; });
  }
  const auto is_bad = [](Status status) { return status == Status::kBadTable; };
  if (!run.fault.empty() || !std::all_of(v.statuses.begin(), v.statuses.end(), is_bad)) {
    throw std::logic_error("vectors: the load " + v.name + " is not noticed");
  }
}

const golden::Vector& vector_of(const golden::VectorSet& set, const std::string& name) {
  for (const golden::PlannedVectors& planned : set.planned) {
    if (planned.plan.name == name) return planned.vectors.front();
  }
  throw std::logic_error("vectors: no plan " + name);
}

}  // namespace

std::vector<LaneVector> bad_loads(const golden::Vector& parent) {
  std::vector<LaneVector> loads;
  for (const KindOfLoad& kind : kinds()) {
    if (parent.name != kind.parent) continue;
    for (const auto& list : kind.bad) {
      for (const BadLoad& bad : list) {
        LaneVector v = golden::lane_vector(parent);
        v.name = "load_" + std::string(lane_kind_name(v.kind)) + '_' + bad.name;
        v.comment = bad.changed;
        bad.apply(v);
        decode_load(v);
        loads.push_back(std::move(v));
      }
    }
  }
  return loads;
}

namespace {

/// A load as a test; of a group are those whose good one is the same.
golden::json load_json(const LaneVector& v, unsigned parent, golden::Half half) {
  golden::json test{{"tcId", v.id}};
  if (half == golden::Half::kBoth) {
    test["name"] = v.name;
    test["comment"] = "a load that is no table, and good streams behind it";
    test["flags"] = {kBadLoadFlag};
  }
  if (half != golden::Half::kExpected) {
    test["table"] = golden::words_hex(v.table);
    test["rows"] = golden::words_hex(v.rows);
    test["valueCount"] = v.layout.n_values;
    test["streams"] = golden::streams_json(v.streams, v.layout);
  }
  if (half == golden::Half::kPrompts) return test;
  test["result"] = "invalid";
  test["status"] = status_name(Status::kBadTable);
  test["streamStatuses"] = golden::statuses_json(v.statuses);
  test["values"] = golden::values_hex(v.values, v.dtype);
  test["detected_by"] = "lane";
  test["parent"] = parent;
  test["changed"] = v.comment;
  return test;
}

golden::json loads_json(const std::string& name, std::span<const LaneVector> loads, unsigned parent,
                        unsigned group, golden::Half half) {
  golden::json object{{"tgId", group}};
  if (half != golden::Half::kExpected) {
    const LaneVector& first = loads.front();
    object["type"] = "TableLoad";
    if (half == golden::Half::kBoth) object["name"] = "load_" + name;
    object["kind"] = lane_kind_name(first.kind);
    object["valueType"] = type_name(first.dtype);
    object["valueBits"] = first.dtype.bits;
    object["tableLog"] = first.table_log;
    object["chunk"] = first.layout.chunk;
  }
  object["tests"] = golden::json::array();
  for (const LaneVector& v : loads) object["tests"].push_back(load_json(v, parent, half));
  return object;
}

void write_load(golden::VectorSet& set, const LaneVector& v, unsigned parent) {
  set.lanes.add(v);
  golden::SetFolder folder(set.root, v.name);
  folder.add(golden::lane_files(v));
  set.manifest["loads"].push_back({{"tcId", v.id},
                                   {"name", v.name},
                                   {"flags", {kBadLoadFlag}},
                                   {"result", "invalid"},
                                   {"status", status_name(Status::kBadTable)},
                                   {"kind", lane_kind_name(v.kind)},
                                   {"detected_by", "lane"},
                                   {"parent", parent},
                                   {"changed", v.comment},
                                   {"sha256", std::move(folder.hashes)}});
}

}  // namespace

void add_bad_loads(golden::VectorSet& set) {
  if (!set.tests_alone) set.manifest["loads"] = golden::json::array();
  struct Group {
    const char* name;
    unsigned parent;
    std::vector<LaneVector> loads;
  };
  std::vector<Group> groups;
  for (const KindOfLoad& kind : kinds()) {
    const golden::Vector& parent = vector_of(set, kind.parent);
    groups.push_back({kind.parent, parent.id, bad_loads(parent)});
    for (LaneVector& v : groups.back().loads) {
      v.id = ++set.last_id;
      ++set.count.loads;
      if (!set.tests_alone) write_load(set, v, parent.id);
    }
  }
  set.tests("loads", "loads of lanes of which a word is of no table",
            [&](golden::Half half, unsigned number) {
              golden::json all = golden::json::array();
              for (const Group& g : groups) {
                all.push_back(loads_json(g.name, g.loads, g.parent, number++, half));
              }
              return all;
            });
}

}  // namespace transom::workbench
