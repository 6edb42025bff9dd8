// vectors.cpp — the vectors' files: folders for simulators, tests as JSON, the manifest.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/container/container.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/golden/npy.hpp"
#include "transom/golden/vector_set.hpp"
#include "transom/golden/vectors/chains.hpp"
#include "transom/golden/vectors/tests_json.hpp"

namespace transom::golden {
namespace {

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

json write_vector(files::WholeFolder& root, const Vector& v, LaneIndex& lanes) {
  const CodedTensor& tensor = v.tensor;
  const StreamLayout layout = tensor.layout();
  json stream_list = json::array();
  for (std::uint32_t stream = 0; stream < layout.n_streams; ++stream) {
    stream_list.push_back({{"values", layout.stream_values(stream)},
                           {"symbol_words", tensor.streams[stream].symbols.size()},
                           {"offset_words", tensor.streams[stream].offsets.size()},
                           {"status", status_name(v.decoded.streams[stream])}});
  }
  const LaneVector lane = lane_vector(v);
  lanes.add(lane);
  SetFolder folder(root, v.name);
  folder.add("tensor.tsm", write_container(std::span(&tensor, 1)));
  folder.add(lane_files(lane));
  folder.add("trace.csv", trace_csv(tensor));
  const auto& values = v.decoded.values;
  const auto fits = [&](value_t value) { return value <= low_bits(tensor.dtype.bits); };
  if (std::all_of(values.begin(), values.end(), fits)) {  // an offset may be outside of its row
    folder.add("values.npy", npy_bytes({v.name, tensor.dtype, {layout.n_values}, values}));
  }
  json vector{{"tcId", v.id},
              {"name", v.name},
              {"comment", v.comment},
              {"flags", v.flags},
              {"result", v.decoded.status == Status::kOk ? "valid" : "invalid"},
              {"status", status_name(v.decoded.status)},
              {"coding", codec(tensor.code.coding).name},
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

json write_container_vector(SetFolder& folder, const ContainerVector& v) {
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
    "NAME/: one vector. params.svh has its numbers as localparams; *.hex are for $readmemh, "
    "without "
    "comments, each with exactly as many lines as params.svh says (none: an empty file). "
    "table.hex: "
    "the words that a hardware lane loads (tANS: [7:0] symbol, [15:8] nbits, [31:16] base; pairs: "
    "the first symbol in [3:0], the second in [7:4]; rANS, a word per slot: [7:0] "
    "symbol, [19:8] freq - 1, [31:20] slot - cum; arithmetic and narrow rANS: the first 16 "
    "cumulative counts); not there where rANS has more slots than a lane. rows.hex: "
    "[15:0] vmin, [20:16] offset_bits; 256 lines. streams.hex: of each stream its number of "
    "values, symbol words and offset words. status.hex: how each stream ends (0 ok, 1 truncated, 2 "
    "bad_state, 3 trailing, 5 bad_table). symbols.hex, offsets.hex: the words of "
    "all streams, one stream after the other. values.hex: W-bit patterns, zero-extended, in the "
    "tensor's order; values.npy: the same. steps.hex: a line for each step of each stream, symbol "
    "(8 "
    "bits), state (48) and symbol bits read (32), both after it; a pair is one step, its second "
    "symbol in [7:4]. stalls.hex: 4 patterns of 4 lines, when words of symbols, words of "
    "offsets, "
    "values and writes of a load pass: bit c is clock c modulo 64, stream s begins 13 s bits "
    "later. trace.csv: a line "
    "for "
    "each value; state as the coder's state() (tANS and narrow rANS: t; rANS: x; arithmetic: HI, "
    "LO and CODE from the highest bit down); both values of a pair have the pair's state. "
    "lanes/KIND/: all vectors for a kind of lane, to be run one behind the other. names.hex: their "
    "folders, in ASCII. index.hex, 12 words each: tcId, R, table words, rows, bits of the first "
    "state, chunk, values, streams, symbol words, offset words, steps, 0. "
    "axi/NAME/: a memory for a unit behind AXI: image.hex (from BASE of params.svh on), writes.hex "
    "and "
    "registers.hex (address, data), beats.hex (TLAST, TKEEP, TDATA); docs/check-your-decoder.md. "
    "chains.json: a digest of millions of symbols for each coding. tests/*.json: the same vectors, "
    "the containers, loads and memories as tests; "
    "containers/*.tsm: for readers of containers.";

Digest hash_of(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.digest();
}

/// A chain for each coding, over the tables of all its groups.
json chains_json(std::span<const PlannedVectors> planned, std::uint32_t seed, unsigned& id) {
  json file{{"generator", "transom vectors"},
            {"generatorVersion", kVectorsVersion},
            {"seed", seed},
            {"schema", "chains.schema.json"},
            {"licence", "Apache-2.0"},
            {"rule", "docs/check-your-decoder.md, \"Chains\""},
            {"values", kChainValues},
            {"steps", kChainSteps},
            {"chains", json::array()}};
  for (const Codec& c : codecs()) {
    std::vector<Code> codes;
    json groups = json::array(), digests = json::array();
    for (std::size_t i = 0; i < planned.size(); ++i) {
      const Code& code = planned[i].vectors.front().tensor.code;
      if (code.coding != c.coding) continue;
      codes.push_back(code);
      groups.push_back(i + 1);
    }
    const std::string name(c.name);
    const std::string start = chain_start(c, seed);
    for (const ChainPoint& point : run_chain(codes, start, hash_of)) {
      digests.push_back({{"step", point.step}, {"digest", sha256_hex(point.digest)}});
    }
    file["chains"].push_back({{"tcId", ++id},
                              {"name", "chain_" + name},
                              {"coding", name},
                              {"start", start},
                              {"groups", std::move(groups)},
                              {"digests", std::move(digests)}});
  }
  return file;
}

/// Files of tests: both halves in one, or apart.
struct Tests {
  const char* folder;
  Half half;
};
constexpr Tests kWhole[] = {{"tests", Half::kBoth}};
constexpr Tests kApart[] = {{"prompts", Half::kPrompts}, {"expected", Half::kExpected}};

/// All vectors of a subject, with ids, plan by plan.
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
  return write_vectors(folder, seed, form, [](VectorSet&) {});
}

VectorCount write_vectors(const std::filesystem::path& folder, std::uint32_t seed, VectorForm form,
                          const MoreVectors& more) {
  files::WholeFolder whole(folder, why_not_replace);
  const bool split = form == VectorForm::kSplit;
  const std::span<const Tests> tests = split ? std::span<const Tests>(kApart) : kWhole;
  json vectors = json::array(), containers = json::array(), files = json::object();
  LaneIndex lanes;
  VectorCount count;
  const auto counted = [&](Status status) {
    ++(status == Status::kOk ? count.valid : count.invalid);
  };
  unsigned id = 0, group = 0;
  const auto write_tests = [&](const std::string& name, const std::string& comment,
                               const GroupsOf& groups_of) {
    std::size_t n_groups = 0;
    for (const Tests& t : tests) {
      json groups = groups_of(t.half, group + 1);
      n_groups = groups.size();
      const json file = file_json(name, comment, seed, std::move(groups), t.half);
      SetFolder at(whole, t.folder);
      at.add(name + ".json", file.dump(1) + '\n');
      files[std::string(t.folder) + '/' + name + ".json"] = at.hashes[name + ".json"];
    }
    group += static_cast<unsigned>(n_groups);
  };
  std::vector<PlannedVectors> all;
  for (const Subject& subject : subjects()) {
    auto planned = vectors_of(subject, seed, id);
    for (const PlannedVectors& p : planned) {
      for (const Vector& v : p.vectors) {
        counted(v.decoded.status);
        if (!split) vectors.push_back(write_vector(whole, v, lanes));
      }
    }
    write_tests(subject.name, subject.comment, [&](Half half, unsigned number) {
      json groups = json::array();
      for (const PlannedVectors& p : planned) {
        groups.push_back(group_json(p.plan, p.vectors, number++, half));
      }
      return groups;
    });
    std::move(planned.begin(), planned.end(), std::back_inserter(all));
  }
  std::vector<ContainerVector> hostile = container_vectors();
  SetFolder at(whole, "containers");
  for (ContainerVector& v : hostile) {
    v.id = ++id;
    counted(v.status);
    if (!split) containers.push_back(write_container_vector(at, v));
  }
  write_tests("containers", "containers that a reader must take, and such that it must refuse",
              [&](Half half, unsigned number) {
                return json{container_group_json(hostile, 1, number, half),
                            container_group_json(hostile, 2, number + 1, half)};
              });
  json manifest{{"generator", "transom vectors"},
                {"version", kVectorsVersion},
                {"seed", seed},
                {"licence", "Apache-2.0"}};
  if (!split) {
    manifest["readme"] = kReadme;
    manifest["vectors"] = std::move(vectors);
    manifest["containers"] = std::move(containers);
    SetFolder at_top(whole, "");
    const json chains = chains_json(all, seed, id);
    count.chains = chains["chains"].size();
    at_top.add(kChainsFile, chains.dump(1) + '\n');
    files.update(at_top.hashes);
  } else {
    id += static_cast<unsigned>(codecs().size());  // the chains', which no prompt asks
  }
  VectorSet set{whole, seed, split, all, id, lanes, manifest, count, write_tests};
  more(set);
  if (!split) {
    for (unsigned k = 0; k < kLaneKinds; ++k) {
      const auto kind = static_cast<LaneKind>(k);
      const std::string name(lane_kind_name(kind));
      SetFolder lane(whole, std::filesystem::path("lanes") / name);
      lane.add(lanes.files(kind));
      manifest["lanes"][name] = {{"vectors", lanes.n_vectors(kind)},
                                 {"sha256", std::move(lane.hashes)}};
    }
  }
  manifest["files"] = std::move(files);
  whole.write(kManifestFile, manifest.dump(1) + '\n');
  whole.keep();
  return count;
}

}  // namespace transom::golden
