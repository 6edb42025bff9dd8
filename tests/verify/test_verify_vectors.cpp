// test_verify_vectors.cpp — the comparator on golden vectors: what trace.csv says is told as a
// decoder would tell it; and containers that are none.
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "trace_files.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/vectors.hpp"
#include "verify_support.hpp"

using namespace transom;
using namespace transom::support;
using namespace transom::verify;

namespace {

/// A line of trace.csv: stream,index,symbol,state,symbol_bits,offset_bits,value
struct Line {
  std::uint64_t field[7];
  unsigned stream() const { return static_cast<unsigned>(field[0]); }
};

std::vector<Line> read_trace_csv(const std::filesystem::path& file) {
  std::istringstream text(read_text(file));
  std::string row;
  std::getline(text, row);
  std::vector<Line> lines;
  while (std::getline(text, row)) {
    std::istringstream fields(row);
    Line line{};
    char comma = 0;
    for (std::uint64_t& f : line.field) fields >> f >> comma;
    lines.push_back(line);
  }
  return lines;
}

/// Tells the lines: a step of a pair is two of them, the second one short where it is the last.
void tell_trace(Cosim& cosim, const std::vector<Line>& lines, bool pairs) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& f = lines[i].field;
    cosim.value(lines[i].stream(), static_cast<std::uint32_t>(f[6]));
    if (!pairs) cosim.step(lines[i].stream(), static_cast<std::uint32_t>(f[2]), f[3], f[4]);
    if (!pairs || f[1] % 2 == 0 || i == 0) continue;
    cosim.step(lines[i].stream(), static_cast<std::uint32_t>(lines[i - 1].field[2] | f[2] << 4),
               f[3], f[4]);
  }
}

}  // namespace

TEST_CASE("cosim: the lines of every golden vector's trace.csv differ nowhere", "[unit][verify]") {
  const TempFolder scratch;
  golden::write_vectors(scratch.path(), 5);
  const auto manifest = nlohmann::json::parse(read_text(scratch / "manifest.json"));
  std::uint64_t n_compared = 0;
  for (const auto& vector : manifest["vectors"]) {
    const std::string name = vector["name"];
    INFO(name);
    const CodedTensor tensor = read_vector(scratch / name);
    if (!vector["sha256"].contains("trace.csv")) continue;
    Cosim cosim(tensor);
    const bool pairs = codec(tensor.code.coding).pairs;
    tell_trace(cosim, read_trace_csv(scratch / name / "trace.csv"), pairs);
    for (unsigned s = 0; s < cosim.n_lanes(); ++s) {
      const auto& stream = vector["streams"][s];
      Status want = Status::kOk;
      while (status_name(want) != stream["status"].get<std::string>()) {
        want = static_cast<Status>(static_cast<unsigned>(want) + 1);
      }
      // The last pair of an odd stream is half a line: its step was not told.
      if (pairs && stream["values"].get<unsigned>() % 2 != 0) continue;
      CHECK(cosim.end(s, want));
    }
    if (!pairs) CHECK(cosim.finish());
    CHECK(cosim.ok());
    if (!cosim.ok()) FAIL(to_text(*cosim.first()));
    n_compared += cosim.n_compared();
  }
  CHECK(n_compared > 100'000);
}

TEST_CASE("cosim: a vector whose values are not its container's, and a damaged one, are refused",
          "[unit][verify]") {
  const TempFolder scratch;
  golden::write_vectors(scratch.path(), 5);
  const auto folder = scratch / "apack_tans_int8";
  std::string values = read_text(folder / "values.hex");
  values[9 * 41 + 3] = values[9 * 41 + 3] == '1' ? '2' : '1';
  std::ofstream(folder / "values.hex") << values;
  CHECK_THROWS_WITH(read_vector(folder), Catch::Contains("values.hex, line 42"));
  CHECK_THROWS_AS(read_vector(folder), ContainerError);

  const auto file = scratch / "tans_int8" / "tensor.tsm";
  CHECK(read_tensor(file, "tans_int8") == read_tensor(file));
  CHECK_THROWS_WITH(read_tensor(file, std::size_t{1}), Catch::Contains("the container has 1"));
  CHECK_THROWS_AS(read_tensor(file, std::size_t{1}), std::invalid_argument);
  CHECK_THROWS_WITH(read_tensor(file, "nobody"), Catch::Contains("tensor is 'nobody'"));
  CHECK_THROWS_AS(read_tensor(scratch / "nothing.tsm"), std::runtime_error);
  const std::string bytes = read_text(file);
  std::ofstream(file, std::ios::binary) << bytes.substr(0, bytes.size() - 5);
  try {
    read_tensor(file);
    FAIL("a cut container was read");
  } catch (const ContainerError& error) {
    CHECK(error.status() != Status::kOk);
    CHECK(std::string(error.what()).find("tensor.tsm: ") != std::string::npos);
  }
}
