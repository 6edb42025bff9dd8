// tests_json.cpp — see tests_json.hpp; golden/vectors/schema.json says which fields there are.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors/tests_json.hpp"

#include <set>

#include "transom/container/container.hpp"

namespace transom::golden {
namespace {

constexpr const char* kSpreadNames[kSpreads] = {"step", "exact", "tuned"};

/// So many digits each, the highest first.
template <class Number>
std::string hex(std::span<const Number> numbers, unsigned digits) {
  std::string text;
  for (const Number n : numbers) {
    for (unsigned d = digits; d-- > 0;) text += "0123456789abcdef"[n >> 4 * d & 15];
  }
  return text;
}

std::string result_of(Status status) { return status == Status::kOk ? "valid" : "invalid"; }

/// What must come out.
void add_answer(json& test, const Vector& v) {
  const CodedTensor& tensor = v.tensor;
  json states = json::array();
  for (std::uint32_t s = 0; s < tensor.streams.size(); ++s) {
    const auto steps = trace_of(tensor, s);
    states.push_back(steps.empty() ? json(nullptr) : json(steps.back().state));
  }
  test["result"] = result_of(v.decoded.status);
  test["status"] = status_name(v.decoded.status);
  test["streamStatuses"] = statuses_json(v.decoded.streams);
  test["endStates"] = std::move(states);
  test["values"] = values_hex(v.decoded.values, tensor.dtype);
  add_damage(test, v);
}

json test_json(const Vector& v, Half half) {
  json test{{"tcId", v.id}};
  if (half == Half::kBoth) {
    test["name"] = v.name;
    test["comment"] = v.comment;
    test["flags"] = v.flags;
  }
  if (half != Half::kExpected) {
    const StreamLayout layout = v.tensor.layout();
    const auto container = write_container({&v.tensor, 1});
    test["valueCount"] = layout.n_values;
    test["checksum"] = words_hex({&v.tensor.checksum, 1});
    test["streams"] = streams_json(v.tensor.streams, layout);
    test["container"] = bytes_hex(container);
  }
  if (half != Half::kPrompts) add_answer(test, v);
  return test;
}

json container_test_json(std::span<const ContainerVector> vectors, const ContainerVector& v,
                         Half half) {
  json test{{"tcId", v.id}};
  if (half == Half::kBoth) {
    test["name"] = v.name;
    test["comment"] = v.comment;
    test["flags"] = v.flags;
  }
  if (half != Half::kExpected) test["container"] = bytes_hex(v.bytes);
  if (half == Half::kPrompts) return test;
  test["result"] = result_of(v.status);
  test["status"] = status_name(v.status);
  if (v.parent) {
    test["detected_by"] = "container";
    test["parent"] = vectors[*v.parent].id;
    test["changed"] = v.changed;
    test["byte"] = v.at;
  }
  return test;
}

}  // namespace

std::string words_hex(std::span<const std::uint32_t> words) { return hex(words, 8); }
std::string values_hex(std::span<const value_t> values, DType dtype) {
  return hex(values, (dtype.bits + 3u) / 4);
}
std::string bytes_hex(std::span<const std::uint8_t> bytes) { return hex(bytes, 2); }

json streams_json(std::span<const StreamWords> streams, const StreamLayout& layout) {
  json all = json::array();
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    all.push_back({{"values", layout.stream_values(s)},
                   {"symbols", words_hex(streams[s].symbols)},
                   {"offsets", words_hex(streams[s].offsets)}});
  }
  return all;
}

json statuses_json(std::span<const Status> statuses) {
  json all = json::array();
  for (const Status status : statuses) all.push_back(status_name(status));
  return all;
}

void add_damage(json& test, const Vector& v) {
  if (v.parent == 0) return;
  test["detected_by"] = detected_by(v.decoded);
  test["parent"] = v.parent;
  test["changed"] = v.changed;
  test["noticed"] = nullptr;
  if (!v.noticed) return;  // no value, state or bit of a stream is wrong
  test["noticed"] = {{"stream", v.noticed->stream},
                     {"index", v.noticed->index},
                     {"in", v.noticed->where},
                     {"bit", v.noticed->bit}};
}

json group_json(const Plan& plan, std::span<const Vector> vectors, unsigned group, Half half) {
  const CodedTensor& tensor = vectors.front().tensor;
  const Code& code = tensor.code;
  json object{{"tgId", group}};
  if (half != Half::kExpected) {
    std::vector<std::uint32_t> rows;
    for (const Row& row : code.rows) rows.push_back(to_word(row));
    object["type"] = "StreamDecode";
    if (half == Half::kBoth) object["name"] = plan.name;
    object["coding"] = codec(code.coding).name;
    object["kind"] = lane_kind_name(codec(code.coding).lane);
    object["valueType"] = type_name(tensor.dtype);
    object["valueBits"] = tensor.dtype.bits;
    object["tableLog"] = code.table_log;
    object["spread"] = uses_spread(code.coding)
                           ? json(kSpreadNames[static_cast<unsigned>(code.spread)])
                           : json(nullptr);
    object["rows"] = words_hex(rows);
    object["frequencies"] = code.freq;
    object["chunk"] = tensor.chunk;
  }
  object["tests"] = json::array();
  for (const Vector& v : vectors) object["tests"].push_back(test_json(v, half));
  return object;
}

json container_group_json(std::span<const ContainerVector> vectors, unsigned version,
                          unsigned group, Half half) {
  json object{{"tgId", group}};
  if (half != Half::kExpected) {
    object["type"] = "ContainerRead";
    object["name"] = "containers_" + std::to_string(version);
    object["version"] = version;
  }
  object["tests"] = json::array();
  for (const ContainerVector& v : vectors) {
    if (v.version == version) object["tests"].push_back(container_test_json(vectors, v, half));
  }
  return object;
}

json file_json(const std::string& name, const std::string& comment, std::uint32_t seed, json groups,
               Half half) {
  std::set<std::string> flags;
  std::size_t n_tests = 0;
  for (const json& group : groups) {
    n_tests += group["tests"].size();
    for (const json& test : group["tests"]) {
      if (test.contains("flags")) flags.insert(test["flags"].begin(), test["flags"].end());
    }
  }
  json file{{"subject", name},
            {"schema", "schema.json"},
            {"generator", "transom vectors"},
            {"generatorVersion", kVectorsVersion},
            {"seed", seed},
            {"licence", "Apache-2.0"},
            {"numberOfTests", n_tests},
            {"header",
             {comment,
              "Words are 8 hex digits, the first bit of a stream in bit 0 of its first word. "
              "A row word: [15:0] vmin, [20:16] offset bits. Values are patterns of W bits, "
              "ceil(W / 4) digits each, in the tensor's order. Containers are bytes. "
              "FORMAT.md says what all of them mean."}}};
  if (half == Half::kBoth) {
    file["notes"] = json::object();
    for (const BugType& type : bug_types()) {
      if (flags.contains(type.flag)) file["notes"][type.flag] = {{"description", type.what}};
    }
  }
  file["testGroups"] = std::move(groups);
  return file;
}

}  // namespace transom::golden
