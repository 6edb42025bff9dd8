// test_vectors.cpp — the golden vectors: the same bytes for ever, and what they say is true.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/vectors.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "trace_files.hpp"
#include "transom/container/container.hpp"

namespace transom {
using namespace golden;
using support::read_text;
using support::TempFolder;

TEST_CASE("vectors: seed 1 gives the committed manifest, hash by hash", "[golden]") {
  const TempFolder scratch;
  const VectorCount count = write_vectors(scratch.path(), 1);
  CHECK(count.valid >= 25);
  CHECK(count.invalid >= 40);
  const char* source = std::getenv("TRANSOM_SOURCE");
  REQUIRE(source != nullptr);
  CHECK(read_text(scratch / "manifest.json") ==
        read_text(std::filesystem::path(source) / "golden/vectors/manifest.json"));
}

TEST_CASE("vectors: every container says of itself what the manifest says", "[unit]") {
  const TempFolder scratch;
  write_vectors(scratch.path(), 7);
  const auto manifest = nlohmann::json::parse(read_text(scratch / "manifest.json"));
  for (const auto& vector : manifest["vectors"]) {
    const std::string name = vector["name"];
    INFO(name);
    const std::string text = read_text(scratch / name / "tensor.tsm");
    const Parsed parsed =
        parse_container({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    REQUIRE(parsed.what == "");
    const Decoded decoded = decode(parsed.tensors.at(0));
    CHECK(status_name(decoded.status) == vector["status"].get<std::string>());
    CHECK((decoded.status == Status::kOk) == (vector["result"] == "valid"));
    std::istringstream words(read_text(scratch / name / "values.hex"));
    std::uint32_t word = 0;
    for (const value_t value : decoded.values) {
      REQUIRE(words >> std::hex >> word);
      REQUIRE(word == value);
    }
    CHECK(!(words >> std::hex >> word));
  }
}

}  // namespace transom
