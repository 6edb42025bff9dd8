// test_trace.cpp — trace.hpp: arrays, folders, their manifests, and what forges them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/trace.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "support.hpp"
#include "trace_files.hpp"
#include "transom/container/container.hpp"

namespace transom {
using namespace golden;
namespace {

namespace fs = std::filesystem;
using support::Bytes;
using support::read_text;
using support::TempFolder;
using support::trace_error;
using support::write_text;

const std::vector<Tensor> kSmall = {{"conv/w", {8, true}, {2, 3}, {0x80, 0xff, 0, 1, 2, 0x7f}},
                                    {"conv/a", {4, true}, {4}, {8, 15, 0, 7}}};

/// Order-0 entropy by its definition.
double entropy(const std::vector<value_t>& values) {
  std::map<value_t, double> count;
  for (const value_t v : values) ++count[v];
  double bits = 0;
  for (const auto& [value, n] : count) {
    const double p = n / static_cast<double>(values.size());
    bits -= p * std::log2(p);
  }
  return bits;
}

/// Loads a recorded folder and holds every field of its manifest against what was read.
std::size_t check_recorded(const fs::path& folder) {
  INFO(folder);
  const auto manifest = nlohmann::json::parse(read_text(folder / "manifest.json"));
  const std::vector<Tensor> tensors = read_trace(folder);
  REQUIRE(tensors.size() == manifest["tensors"].size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto& record = manifest["tensors"][i];
    INFO(tensors[i].name);
    REQUIRE(tensors[i].name == record["name"]);
    REQUIRE(tensors[i].values.size() == record["n"]);
    REQUIRE(tensors[i].dtype.bits == record["bits"]);
    REQUIRE(tensors[i].dtype.is_signed == (record["dtype"].get<std::string>()[0] == 'i'));
    REQUIRE(entropy(tensors[i].values) == Approx(record["entropy_bits"]).margin(1e-3));
    REQUIRE(entropy_bits(tensors[i].values, tensors[i].dtype) ==
            Approx(entropy(tensors[i].values)));
    const std::string file = read_text(folder / record["file"].get<std::string>());
    REQUIRE(npy_bytes(tensors[i]) == Bytes(file.begin(), file.end()));
  }
  return tensors.size();
}

}  // namespace

TEST_CASE("trace: an array or a folder without a manifest is named after its files", "[unit]") {
  const TempFolder folder;
  write_npy(folder / "b.npy", kSmall[0]);
  write_npy(folder / "a.npy", kSmall[1]);
  write_text(folder / "notes.txt", "no tensor");
  const Tensor a{"a", {8, true}, {4}, {0xf8, 0xff, 0, 7}};  // a file alone knows of no 4 bits
  const Tensor b{"b", {8, true}, {2, 3}, kSmall[0].values};
  CHECK(read_trace(folder / "a.npy") == std::vector<Tensor>{a});
  CHECK(read_trace(folder.path()) == std::vector<Tensor>{a, b});
  fs::create_directory(folder / "c.npy");
  CHECK_THAT(trace_error(folder.path()), Catch::Contains("c.npy: file: not a regular file"));
  fs::create_directory(folder / "empty");
  CHECK_THAT(trace_error(folder / "empty"), Catch::Contains("neither manifest.json nor .npy"));
  CHECK_THAT(trace_error(folder / "notes.txt"), Catch::Contains("not a .npy, .npz or folder"));
  CHECK_THAT(trace_error(folder / "none"), Catch::Contains("No such file"));
  write_text(folder / "d.npz", "PK");
  CHECK_THAT(trace_error(folder / "d.npz"), Catch::Contains("d.npz: archive: "));
}

TEST_CASE("trace: what is written reads back, for every width and any name", "[unit]") {
  std::mt19937 random(1);
  std::vector<Tensor> tensors;
  for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
    tensors.push_back(support::random_tensor({bits, bits % 2 == 0}, {3, bits}, random));
    tensors.push_back(support::random_tensor({bits, bits % 2 == 1}, {bits, 0, 2}, random));
  }
  for (const char* name :
       {"", "same", "same", "../../up", "/etc/passwd", "a\nb\"\\", "caf\xc3\xa9"}) {
    tensors.push_back(support::random_tensor({8, true}, {}, random));
    tensors.back().name = name;
  }
  const TempFolder folder;
  const fs::path out = folder / "x/y";
  write_trace(out, tensors, {"a source", "CC0", "", ""});
  CHECK(read_trace(out) == tensors);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(out)) files.push_back(entry.path().filename());
  CHECK(files.size() == tensors.size() + 1);
  CHECK(std::count(files.begin(), files.end(), "035_up.npy") == 1);
  CHECK(std::count(files.begin(), files.end(), "032.npy") == 1);

  write_trace(out, kSmall, {});
  CHECK(read_trace(out) == kSmall);
  write_trace(out, {}, {});
  CHECK(read_trace(out).empty());
  const std::vector<Tensor> bad_name = {{"\xff", {8, true}, {}, {1}}};
  write_trace(out, bad_name, {});
  CHECK(read_trace(out)[0].name == "\xef\xbf\xbd");
  write_text(folder / "file", "");
  CHECK_THROWS_AS(write_trace(folder / "file", kSmall, {}), TraceError);
  CHECK_THROWS_AS(write_trace(folder / "file/below", kSmall, {}), TraceError);
}

TEST_CASE("trace: a manifest is written as a recorder writes it", "[unit][golden]") {
  const TempFolder folder;
  write_trace(folder / "small", std::vector<Tensor>{kSmall[1]}, {"here", "CC0", "none", "why"});
  CHECK(read_text(folder / "small/manifest.json") ==
        "{\n \"trace\": \"small\",\n \"source\": \"here\",\n \"licence\": \"CC0\",\n"
        " \"input\": \"none\",\n \"note\": \"why\",\n"
        " \"layout\": \"C order; 4-bit values one per byte\",\n \"tensors\": [\n  {\n"
        "   \"file\": \"000_conv_a.npy\",\n   \"name\": \"conv/a\",\n   \"dtype\": \"int8\",\n"
        "   \"bits\": 4,\n   \"shape\": [\n    4\n   ],\n   \"n\": 4,\n   \"entropy_bits\": 2.0,\n"
        "   \"sha256\": \"18f0da4e0f7e1d186bdf651b5ee979c5"
        "e6cafa1762135d08cd8102995a92732f\"\n  }\n ]\n}\n");
}

TEST_CASE("trace: each field of a manifest that is not true is an error that names it", "[unit]") {
  struct Lie {
    std::string from;
    std::string to;
    std::string error;
  };
  const Lie lies[] = {
      {"\"bits\": 4", "\"bits\": 3", "001_conv_a.npy: values: value -8 at index 0 does not fit 3"},
      {"\"bits\": 4", "\"bits\": 0", "tensors[1] 'conv/a' bits: 0 is not in 1..16"},
      {"\"bits\": 4", "\"bits\": 17", "tensors[1] 'conv/a' bits: 17 is not in 1..16"},
      {"\"bits\": 4", "\"bits\": 9", "001_conv_a.npy: bits: 9 is not in 1..8"},
      {"\"bits\": 4", "\"bits\": -4", "bits: not a number from 0 up"},
      {"\"bits\": 4", "\"bits\": 4.0", "bits: not a number from 0 up"},
      {"\"bits\": 4", "\"bits\": \"4\"", "bits: not a number from 0 up"},
      {"\"bits\": 4", "\"bits\": null", "bits: not a number from 0 up"},
      {"\"bits\": 4", "\"bits\": 18446744073709551620", "bits: not a number from 0 up"},
      {"\"bits\": 4", "\"bits\": 18446744073709551615", "bits: 18446744073709551615 is not in"},
      {"\"n\": 4", "\"n\": 5", "tensors[1] 'conv/a' n: the file has 4, the manifest says 5"},
      {"\"n\": 4", "\"n\": [4]", "n: not a number"},
      {"    3\n", "    4\n",
       "tensors[0] 'conv/w' shape: the file has [2,3], the manifest says [2,4]"},
      {"    2,\n", "", "shape: the file has [2,3], the manifest says [3]"},
      {"    2,\n", "    \"2\",\n", "shape: the file has [2,3], the manifest says [\"2\",3]"},
      {"    2,\n", "    {},\n", "shape: the file has [2,3]"},
      {"\"int8\"", "\"uint8\"", "dtype: the file has int8, the manifest says uint8"},
      {"\"int8\"", "8", "dtype: not a string"},
      {"\"sha256\": \"", "\"sha256\": \"0", "sha256: the file has "},
      {"\"sha256\": \"", "\"sha256\": 1, \"x\": \"", "sha256: not a string"},
      {"\"name\": \"conv/a\"", "\"name\": 7", "tensors[1] name: not a string"},
      {"\"name\": \"conv/a\"", "\"name\": \"" + std::string(kMaxNameBytes + 1, 'x') + "\"",
       "name: a tensor's name has 4097 bytes"},
      {"\"file\": \"000", "\"fill\": \"000", "tensors[0] 'conv/w' file: missing"},
      {"000_conv_w.npy", "", "is not a path inside the folder"},
      {"000_conv_w.npy", "../000_conv_w.npy", "is not a path inside the folder"},
      {"000_conv_w.npy", "x/../000_conv_w.npy", "is not a path inside the folder"},
      {"000_conv_w.npy", "/etc/passwd", "is not a path inside the folder"},
      {"000_conv_w.npy", "000_conv_w.npy\\u0000", "is not a path inside the folder"},
      {"000_conv_w.npy", "link.npy", "leads out of the folder"},
      {"000_conv_w.npy", "none.npy", "'none.npy': No such file"},
      {"000_conv_w.npy", ".", "not a regular file"},
      {"000_conv_w.npy", "manifest.json", "magic: this is not a .npy file"},
      {"000_conv_w.npy", "001_conv_a.npy", "shape: the file has [4]"},
      {"001_conv_a.npy", "000_conv_w.npy", "'000_conv_w.npy' occurs twice"},
      {"001_conv_a.npy", "./000_conv_w.npy", "'000_conv_w.npy' occurs twice"},
      {"\"tensors\": [", "\"tensor\": [", "tensors: not a list"},
      {"\"tensors\": [", "\"tensors\": {}, \"x\": [", "tensors: not a list"},
      {"\"tensors\": [", "\"tensors\": [7, ", "tensors[0] tensor: not an object"},
      {"\"tensors\": [", "\"tensors\": [[], ", "tensors[0] tensor: not an object"},
      {"\"note\": \"\"", "\"note\": \"\xff\"", "json: "},
      {"\"note\": \"\"", "\"note\": " + std::string(1000000, '['), "nested deeper than 16"},
      {"{\n \"trace\"", "[{\n \"trace\"", "json: "},
  };
  const TempFolder folder;
  const fs::path trace = folder / "t";
  write_trace(trace, kSmall, {});
  write_npy(folder / "outside.npy", kSmall[0]);
  fs::create_symlink("../outside.npy", trace / "link.npy");
  const std::string manifest = read_text(trace / "manifest.json");
  for (const Lie& lie : lies) {
    std::string text = manifest;
    const std::size_t at = text.find(lie.from);
    REQUIRE(at != std::string::npos);
    write_text(trace / "manifest.json", text.replace(at, lie.from.size(), lie.to));
    INFO(lie.from << " -> " << lie.to.substr(0, 100));
    CHECK_THAT(trace_error(trace), Catch::Contains(lie.error) && Catch::Contains("; "));
  }
  write_text(trace / "manifest.json", std::string((1 << 24) + 1, ' '));
  CHECK_THAT(trace_error(trace), Catch::Contains("more than the 16777216"));
  fs::remove(trace / "manifest.json");
  fs::create_directory(trace / "manifest.json");
  CHECK_THAT(trace_error(trace),
             Catch::Contains("manifest.json: file: cannot be read: not a regular file"));
}

TEST_CASE("trace: a manifest needs no more than its files' names", "[unit]") {
  const TempFolder folder;
  fs::create_directory(folder / "sub");
  write_npy(folder / "sub/b.npy", kSmall[0]);
  write_text(folder / "manifest.json", R"({"tensors": [{"file": "sub/b.npy", "scale": [[1]]}]})");
  const Tensor b{"b", {8, true}, {2, 3}, kSmall[0].values};
  CHECK(read_trace(folder.path()) == std::vector<Tensor>{b});
}

TEST_CASE("trace: one changed bit of data is found by its hash", "[unit]") {
  const TempFolder folder;
  write_trace(folder.path(), kSmall, {});
  std::string file = read_text(folder / "000_conv_w.npy");
  file.back() = static_cast<char>(file.back() ^ 1);
  write_text(folder / "000_conv_w.npy", file);
  CHECK_THAT(trace_error(folder.path()),
             Catch::Contains("tensors[0] 'conv/w' sha256: the file has"));
}

TEST_CASE("trace: a manifest that is cut or damaged gives an error or the same values", "[unit]") {
  const TempFolder folder;
  write_trace(folder.path(), kSmall, {});
  const std::string manifest = read_text(folder / "manifest.json");
  for (std::size_t n = 0; n + 2 < manifest.size(); ++n) {  // the last two are "}\n"
    write_text(folder / "manifest.json", manifest.substr(0, n));
    REQUIRE_THAT(trace_error(folder.path()), Catch::Contains("manifest.json: json: "));
  }
  std::mt19937 random(2);
  std::size_t n_errors = 0;
  for (unsigned i = 0; i < 3000; ++i) {
    std::string damaged = manifest;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    write_text(folder / "manifest.json", damaged);
    try {
      const auto tensors = read_trace(folder.path());
      for (std::size_t t = 0; t < tensors.size(); ++t) {
        // Where "bits" itself was hit, the width may differ: compare the integers.
        REQUIRE(tensors[t].values.size() == kSmall[t].values.size());
        for (std::size_t v = 0; v < tensors[t].values.size(); ++v) {
          REQUIRE(to_integer(tensors[t].values[v], tensors[t].dtype) ==
                  to_integer(kSmall[t].values[v], kSmall[t].dtype));
        }
      }
    } catch (const TraceError&) {
      ++n_errors;
    }
  }
  CHECK(n_errors > 1000);
  CHECK(n_errors < 3000);
}

TEST_CASE("trace: an error's text has no control characters", "[unit]") {
  const std::string text = trace_error(fs::temp_directory_path() / "no\x1b[31m\nsuch.npy");
  CHECK_THAT(text, Catch::Contains(R"(no\x1b[31m\x0asuch.npy: file: No such file)"));
}

TEST_CASE("trace: the embedded trace is what its manifest says", "[unit][golden]") {
  const char* source = std::getenv("TRANSOM_SOURCE");
  if (source == nullptr) {
    WARN("skipped: TRANSOM_SOURCE is not set");
    return;
  }
  std::size_t n_tensors = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(source) / "golden/traces")) {
    if (fs::exists(entry.path() / "manifest.json")) n_tensors += check_recorded(entry.path());
  }
  CHECK(n_tensors > 0);
}

TEST_CASE("trace: every recorded trace is what its manifest says, down to numpy's bytes",
          "[unit][golden]") {
  const auto traces = support::shared_folder("traces");
  if (!traces) return;
  std::size_t n_tensors = 0;
  for (const auto& entry : fs::directory_iterator(*traces)) {
    if (fs::exists(entry.path() / "manifest.json")) n_tensors += check_recorded(entry.path());
  }
  CHECK(n_tensors > 0);
}

}  // namespace transom
