// vectors.cpp — the vectors' files: folders for simulators, tests as JSON, the manifest.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/container/container.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/golden/sha256.hpp"
#include "transom/golden/vectors/tests_json.hpp"

namespace transom::golden {
namespace {

constexpr std::uint32_t kMostTraced = 1u << 14;  ///< values of a vector that has a trace.csv

/// Files below one folder, and their hashes.
class Folder {
 public:
  Folder(files::WholeFolder& root, std::filesystem::path name)
      : root_(root), name_(std::move(name)) {}
  void add(const std::string& name, std::span<const std::uint8_t> bytes) {
    root_.write(name_ / name, bytes);
    hashes[name] = sha256(bytes);
  }
  void add(const std::string& name, const std::string& text) {
    add(name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

  json hashes = json::object();

 private:
  files::WholeFolder& root_;
  std::filesystem::path name_;
};

/// Words for $readmemh, one to a line.
template <class Words>
std::string hex(const Words& words) {
  std::string text;
  char line[16];
  for (const std::uint32_t word : words) {
    std::snprintf(line, sizeof line, "%08x\n", word);
    text += line;
  }
  return text;
}

std::string trace_csv(const CodedTensor& tensor) {
  std::string trace = "stream,index,symbol,state,symbol_bits,offset_bits,value\n";
  for (std::uint32_t stream = 0; stream < tensor.streams.size(); ++stream) {
    std::size_t index = 0;
    for (const TracedValue& v : trace_of(tensor, stream)) {
      for (const std::uint64_t column :
           {std::uint64_t{stream}, std::uint64_t{index++}, std::uint64_t{v.symbol}, v.state,
            v.symbol_position, v.offset_position}) {
        trace += std::to_string(column) + ',';
      }
      trace += std::to_string(v.value) + '\n';
    }
  }
  return trace;
}

json write_vector(files::WholeFolder& root, const Vector& v) {
  const CodedTensor& tensor = v.tensor;
  const Codec& c = codec(tensor.code.coding);
  const StreamLayout layout = tensor.layout();
  std::vector<std::uint32_t> directory;
  std::string symbols, offsets;
  json stream_list = json::array();
  for (std::uint32_t stream = 0; stream < layout.n_streams; ++stream) {
    const StreamWords& words = tensor.streams[stream];
    const auto n_symbols = static_cast<std::uint32_t>(words.symbols.size());
    const auto n_offsets = static_cast<std::uint32_t>(words.offsets.size());
    directory.insert(directory.end(), {layout.stream_values(stream), n_symbols, n_offsets});
    symbols += hex(words.symbols);
    offsets += hex(words.offsets);
    stream_list.push_back({{"values", layout.stream_values(stream)},
                           {"symbol_words", n_symbols},
                           {"offset_words", n_offsets},
                           {"status", status_name(v.decoded.streams[stream])}});
  }
  Folder folder(root, v.name);
  folder.add("tensor.tsm", write_container(std::span(&tensor, 1)));
  if (c.lane != LaneKind::kRans || tensor.code.table_log <= kRansLaneTableLog) {
    folder.add("table.hex", hex(c.make_unit_table(tensor.code)));
  }
  folder.add("rows.hex", hex(make_row_words(tensor.code)));
  folder.add("streams.hex", hex(directory));
  folder.add("symbols.hex", symbols);
  folder.add("offsets.hex", offsets);
  folder.add("values.hex", hex(v.decoded.values));
  if (layout.n_values <= kMostTraced) folder.add("trace.csv", trace_csv(tensor));
  json vector{{"tcId", v.id},
              {"name", v.name},
              {"comment", v.comment},
              {"flags", v.flags},
              {"result", v.decoded.status == Status::kOk ? "valid" : "invalid"},
              {"status", status_name(v.decoded.status)},
              {"coding", c.name},
              {"value_bits", tensor.dtype.bits},
              {"signed", tensor.dtype.is_signed},
              {"table_log", tensor.code.table_log},
              {"chunk", layout.chunk},
              {"values", layout.n_values},
              {"streams", std::move(stream_list)}};
  add_damage(vector, v);
  vector["sha256"] = std::move(folder.hashes);
  return vector;
}

json write_container_vector(Folder& folder, const ContainerVector& v) {
  const std::string file = v.name + ".tsm";
  folder.add(file, v.bytes);
  return {{"tcId", v.id},
          {"name", v.name},
          {"comment", v.comment},
          {"flags", v.flags},
          {"result", v.status == Status::kOk ? "valid" : "invalid"},
          {"status", status_name(v.status)},
          {"version", v.version},
          {"file", file},
          {"sha256", folder.hashes[file]}};
}

constexpr const char* kReadme =
    "*.hex: 32-bit words, one to a line, for $readmemh. table.hex: the words that "
    "a hardware lane loads (tANS: [7:0] symbol, [15:8] nbits, [31:16] base; pairs: "
    "the first symbol in [3:0], the second in [7:4]; rANS, a word per slot: [7:0] "
    "symbol, [19:8] freq - 1, [31:20] slot - cum; arithmetic and narrow rANS: the first 16 "
    "cumulative counts); not there where rANS has more slots than a lane. rows.hex: "
    "[15:0] vmin, [20:16] offset_bits. streams.hex: of each stream its number of "
    "values, symbol words and offset words. symbols.hex, offsets.hex: the words of "
    "all streams, one stream after the other. values.hex: W-bit patterns, zero-extended, in the "
    "tensor's order. trace.csv: the golden decoder's steps; positions and state after each, the "
    "state as the coder's state() (tANS and narrow rANS: t; rANS: x; arithmetic: HI, LO and CODE "
    "from the highest bit down); both values of a pair have the pair's state. Vectors of over "
    "2^14 values have none. tests/*.json: the same vectors and the containers as tests; "
    "containers/*.tsm: for readers of containers.";

/// Files of tests: both halves in one, or apart.
struct Tests {
  const char* folder;
  Half half;
};
constexpr Tests kWhole[] = {{"tests", Half::kBoth}};
constexpr Tests kApart[] = {{"prompts", Half::kPrompts}, {"expected", Half::kExpected}};

/// All vectors of a subject, with ids, plan by plan.
struct PlannedVectors {
  Plan plan;
  std::vector<Vector> vectors;
};
std::vector<PlannedVectors> vectors_of(const Subject& subject, std::uint32_t seed, unsigned& id) {
  std::vector<PlannedVectors> all;
  for (Plan& plan : subject.plans()) {
    std::vector<Vector> vectors = vectors_of(plan, seed);
    const unsigned parent = ++id;
    vectors.front().id = parent;
    for (std::size_t i = 1; i < vectors.size(); ++i) {
      vectors[i].id = ++id;
      vectors[i].parent = parent;
    }
    all.push_back({std::move(plan), std::move(vectors)});
  }
  return all;
}

}  // namespace

VectorCount write_vectors(const std::filesystem::path& folder, std::uint32_t seed,
                          VectorForm form) {
  files::WholeFolder whole(folder, why_not_replace);
  const bool split = form == VectorForm::kSplit;
  const std::span<const Tests> tests = split ? std::span<const Tests>(kApart) : kWhole;
  json vectors = json::array(), containers = json::array(), files = json::object();
  VectorCount count;
  const auto counted = [&](Status status) {
    ++(status == Status::kOk ? count.valid : count.invalid);
  };
  const auto write_tests = [&](const std::string& name, const std::string& comment,
                               const auto& groups_of) {
    for (const Tests& t : tests) {
      const json file = file_json(name, comment, seed, groups_of(t.half), t.half);
      Folder at(whole, t.folder);
      at.add(name + ".json", file.dump(1) + '\n');
      files[std::string(t.folder) + '/' + name + ".json"] = at.hashes[name + ".json"];
    }
  };
  unsigned id = 0, group = 0;
  for (const Subject& subject : subjects()) {
    const auto planned = vectors_of(subject, seed, id);
    for (const PlannedVectors& p : planned) {
      for (const Vector& v : p.vectors) {
        counted(v.decoded.status);
        if (!split) vectors.push_back(write_vector(whole, v));
      }
    }
    write_tests(subject.name, subject.comment, [&](Half half) {
      json groups = json::array();
      unsigned number = group;
      for (const PlannedVectors& p : planned) {
        groups.push_back(group_json(p.plan, p.vectors, ++number, half));
      }
      return groups;
    });
    group += static_cast<unsigned>(planned.size());
  }
  std::vector<ContainerVector> hostile = container_vectors();
  Folder at(whole, "containers");
  for (ContainerVector& v : hostile) {
    v.id = ++id;
    counted(v.status);
    if (!split) containers.push_back(write_container_vector(at, v));
  }
  write_tests("containers", "containers that a reader must take, and such that it must refuse",
              [&](Half half) {
                return json{container_group_json(hostile, 1, group + 1, half),
                            container_group_json(hostile, 2, group + 2, half)};
              });
  json manifest{{"generator", "transom vectors"},
                {"version", kVectorsVersion},
                {"seed", seed},
                {"licence", "Apache-2.0"}};
  if (!split) {
    manifest["readme"] = kReadme;
    manifest["vectors"] = std::move(vectors);
    manifest["containers"] = std::move(containers);
  }
  manifest["files"] = std::move(files);
  whole.write(kManifestFile, manifest.dump(1) + '\n');
  whole.keep();
  return count;
}

}  // namespace transom::golden
