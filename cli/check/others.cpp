// others.cpp — see others.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "others.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "transom/files/read.hpp"
#include "transom/golden/errors.hpp"
#include "transom/golden/strict_json.hpp"
#include "transom/workbench/vectors/beats.hpp"

namespace transom::cli {
namespace {

using golden::DataError;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
constexpr const char* kHex = "0123456789abcdef";

/// Lines without blanks, in lower case; empty ones are left out.
struct Line {
  std::size_t number;
  std::string text;
};
std::vector<Line> lines_of(const fs::path& file) {
  const auto bytes = files::read_whole(file, "name the file that your decoder wrote", kMostBytes);
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  std::vector<Line> lines;
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    for (char& c : line) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (!line.empty()) lines.push_back({number, line});
  }
  return lines;
}
[[noreturn]] void refuse(const fs::path& file, const Line& line, const std::string& field,
                         const std::string& wanted) {
  throw DataError(file.string() + ", line " + std::to_string(line.number) + ", field '" + field +
                  "': '" + line.text.substr(0, 40) + "' is not " + wanted);
}
bool is_hex(const std::string& text) {
  return !text.empty() && text.find_first_not_of(kHex) == text.npos;
}

/// TLAST, TKEEP, TDATA.
using Fields = std::array<std::string, 3>;
constexpr const char* kFieldNames[] = {"TLAST", "TKEEP", "TDATA"};

Fields fields_of(const fs::path& file, const Line& line) {
  Fields fields;
  std::size_t at = 0;
  for (const char c : line.text) {
    if (c == '_' || c == ',') {
      ++at;
    } else if (at < fields.size()) {
      fields[at] += c;
    }
  }
  if (at != 2) refuse(file, line, "beat", "TLAST, TKEEP and TDATA with _ or a comma between");
  for (std::size_t f = 0; f < fields.size(); ++f) {
    if (!is_hex(fields[f])) refuse(file, line, kFieldNames[f], "hexadecimal");
  }
  if (fields[0] != "0" && fields[0] != "1") refuse(file, line, "TLAST", "0 or 1");
  const std::size_t n = fields[2].size() / 4;
  if (fields[2].size() % 4 != 0) refuse(file, line, "TDATA", "of 4 digits for each value");
  if (fields[1].size() != (n + 1) / 2) refuse(file, line, "TKEEP", "of 2 bits for each value");
  return fields;
}

/// The lines of beats.hex with those told.
Compared compare_lines(const std::string& wanted, const fs::path& file,
                       const std::vector<Line>& told) {
  Compared compared;
  std::istringstream lines(wanted);
  std::uint64_t tensor = 0, beat = 0;
  const auto differs = [&](const std::string& what, const std::string& want,
                           const std::string& got) {
    compared.wrong = "tensor " + std::to_string(tensor) + ", beat " + std::to_string(beat) +
                     " (of all " + std::to_string(compared.n) + "): " + what + ": want " + want +
                     ", got " + got;
    return compared;
  };
  std::string line;
  for (const Line& one : told) {
    const Fields got = fields_of(file, one);
    if (!std::getline(lines, line)) return differs("a beat more", "none", one.text.substr(0, 40));
    const Fields want = fields_of(file, {one.number, line});
    if (got[2].size() != want[2].size()) {
      refuse(file, one, "TDATA",
             "as wide as the unit's: " + std::to_string(want[2].size()) + " digits");
    }
    for (std::size_t f = 0; f < 2; ++f) {
      if (got[f] != want[f]) return differs(kFieldNames[f], want[f], got[f]);
    }
    for (std::size_t v = 0; 4 * v < got[2].size(); ++v) {
      const std::size_t at = got[2].size() - 4 * (v + 1);
      const std::string w = want[2].substr(at, 4), g = got[2].substr(at, 4);
      if (w != g) return differs("value " + std::to_string(v), w, g);
    }
    ++compared.n;
    ++beat;
    if (want[0] == "1") {
      ++tensor;
      beat = 0;
    }
  }
  if (std::getline(lines, line)) return differs("a beat less", line, "none");
  return compared;
}

/// "STEP DIGEST" each.
Compared compare_digests(const ordered_json& points, const fs::path& file) {
  Compared compared;
  for (const Line& line : lines_of(file)) {
    std::istringstream words(line.text);
    std::uint32_t step = 0;
    std::string digest, more;
    if (!(words >> step >> digest) || (words >> more) || digest.size() != 64 || !is_hex(digest)) {
      refuse(file, line, "digest", "STEP and 64 hexadecimal digits");
    }
    const auto point = std::find_if(points.begin(), points.end(), [&](const ordered_json& p) {
      return golden::to_integer<std::uint32_t>(golden::member(p, "step"), "step") == step;
    });
    if (point == points.end()) refuse(file, line, "step", "one that the chain tells");
    const std::string want = golden::text(*point, "digest");
    if (want != digest) {
      compared.wrong = "after step " + std::to_string(step) + ": want " + want + ", got " + digest;
      return compared;
    }
    ++compared.n;
  }
  if (compared.n == 0) compared.wrong = "no digest is told";
  return compared;
}

Compared compare_status(const std::string& want, const fs::path& file) {
  const std::vector<Line> lines = lines_of(file);
  const std::string got = lines.empty() ? "nothing" : lines.front().text;
  if (lines.size() == 1 && got == want) return {1, ""};
  return {1, "status: want " + want + ", got " + got.substr(0, 40)};
}

std::string id_of(const ordered_json& one) {
  return std::to_string(golden::to_integer<unsigned>(golden::member(one, "tcId"), "tcId"));
}

}  // namespace

std::vector<OtherCase> other_cases(const fs::path& folder, const ordered_json& manifest) {
  std::vector<OtherCase> cases;
  if (golden::has(manifest, "containers")) {
    for (const auto& one : golden::list(manifest, "containers")) {
      const std::string status = golden::text(one, "status");
      cases.push_back({golden::text(one, "name"), id_of(one), ".status",
                       [status](const fs::path& file) { return compare_status(status, file); }});
    }
  }
  if (golden::has(manifest, "axi")) {
    for (const auto& one : golden::list(manifest, "axi")) {
      const std::string name = golden::text(one, "name");
      if (fs::path(name).filename() != name) throw DataError("field 'name': it is a path");
      const fs::path beats = folder / "axi" / name / "beats.hex";
      cases.push_back({"axi_" + name, id_of(one), kBeatsEnding, [beats](const fs::path& file) {
                         const auto bytes =
                             files::read_whole(beats, "write the vectors again", kMostBytes);
                         return compare_lines({bytes.begin(), bytes.end()}, file, lines_of(file));
                       }});
    }
  }
  if (const fs::path file = folder / "chains.json"; fs::exists(file)) {
    const auto content = golden::read_json(file);
    for (const auto& chain : golden::list(content, "chains")) {
      cases.push_back({golden::text(chain, "name"), id_of(chain), ".digest",
                       [points = ordered_json(golden::list(chain, "digests"))](
                           const fs::path& told) { return compare_digests(points, told); }});
    }
  }
  return cases;
}

Compared compare_beats(std::span<const CodedTensor> tensors, const fs::path& file) {
  const std::vector<Line> told = lines_of(file);
  if (told.empty()) throw DataError(file.string() + ", line 1: no beat; write a line for each");
  const auto n_values = static_cast<unsigned>(fields_of(file, told.front())[2].size() / 4);
  try {
    return compare_lines(workbench::beats_text(workbench::beats_of(tensors, n_values)), file, told);
  } catch (const std::invalid_argument& error) {
    throw DataError(file.string() + ", line 1, field 'TDATA': " + error.what());
  }
}

}  // namespace transom::cli
