// interop.cpp — transom interop: other coders' streams, tables and headers, checked bit for bit.
// SPDX-License-Identifier: Apache-2.0
#include "interop.hpp"

#include <cstdio>
#include <iostream>
#include <memory>

#include "crc32.hpp"
#include "verbs.hpp"

namespace transom::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFailuresShown = 5;  ///< of each file

/// Whose vectors are known: one line for each file of checks.
std::span<const InteropCheck> (*const kTables[])() = {interop_apack, interop_ryg, interop_tans,
                                                      interop_torch, interop_torch_tables};

struct ListReport {
  std::string name;
  std::size_t cases = 0, failed = 0, unknown = 0;
};
struct FileReport {
  std::string file;
  std::vector<ListReport> lists;
  std::vector<std::string> failures;  ///< the first few

  std::size_t total(std::size_t ListReport::*count) const {
    std::size_t sum = 0;
    for (const ListReport& l : lists) sum += l.*count;
    return sum;
  }
};

/// The checks of a file's lists, by its name: exactly, else the longest that it begins with (a
/// second set of ryg_byte.json may be called ryg_byte-b.json).
std::string_view known_stem(const std::string& stem) {
  std::string_view best;
  for (const auto& table : kTables) {
    for (const InteropCheck& c : table()) {
      if (stem.starts_with(c.stem) && c.stem.size() > best.size()) best = c.stem;
    }
  }
  return best;
}

const InteropCheck* find_check(std::string_view stem, std::string_view list) {
  for (const auto& table : kTables) {
    for (const InteropCheck& c : table()) {
      if (c.stem == stem && c.list == list) return &c;
    }
  }
  return nullptr;
}

bool is_of_schema(const json& content) {
  return content.is_object() && content.contains("header") && content["header"].is_object();
}

std::string case_name(const json& one, std::size_t index) {
  return one.is_object() && one.contains("name") && one["name"].is_string()
             ? one["name"].get<std::string>()
             : "element " + std::to_string(index);
}

/// Runs one case; what is wrong with it, or nothing.
std::string run_case(const InteropCheck& check, const json& header, const json& one) {
  try {
    return check.check(header, one);
  } catch (const std::invalid_argument& refusal) {
    return std::string("refused: ") + refusal.what();
  }
}

FileReport run_file(const fs::path& path, const json& content) {
  FileReport report{path.filename().string(), {}, {}};
  const std::string_view stem = known_stem(path.stem().string());
  for (const auto& [name, cases] : content.items()) {
    if (name == "header") continue;
    const std::string where = path.string() + ": list '" + name + "'";
    if (!cases.is_array()) throw DataError(where + " is not a list");
    ListReport list{name, cases.size(), 0, 0};
    const InteropCheck* check = find_check(stem, name);
    if (check == nullptr) list.unknown = cases.size();
    for (std::size_t i = 0; check != nullptr && i < cases.size(); ++i) {
      const std::string label = case_name(cases[i], i);
      std::string wrong;
      try {
        wrong = run_case(*check, content["header"], cases[i]);
      } catch (const DataError& error) {
        throw DataError(where + ", " + label + ": " + error.what());
      } catch (const json::exception& error) {
        throw DataError(where + ", " + label + ": " + error.what());
      }
      if (wrong.empty()) continue;
      ++list.failed;
      if (report.failures.size() < kFailuresShown) {
        report.failures.push_back(name + " " + label + ": " + wrong);
      }
    }
    report.lists.push_back(std::move(list));
  }
  return report;
}

/// The .json files directly in a folder, sorted, or the file itself.
std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::exists(path)) {
    throw DataError(path.string() + ": is not there; give a folder of .json files, or one of them");
  }
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw DataError(path.string() + ": holds no .json file");
  return files;
}

std::vector<FileReport> run_all(const std::vector<std::string>& paths) {
  std::vector<std::pair<fs::path, bool>> files;  // and whether it was named
  for (const std::string& path : paths) {
    for (const fs::path& file : files_of(path)) files.emplace_back(file, !fs::is_directory(path));
  }
  Progress progress("interop", files.size());
  std::vector<FileReport> reports;
  for (const auto& [file, named] : files) {
    const json content = read_json(file);
    if (is_of_schema(content)) {
      reports.push_back(run_file(file, content));
    } else if (named) {
      throw DataError(file.string() + ": not of the schema: it wants an object \"header\"");
    } else {
      std::cerr << "transom: " << file.string() << " has no \"header\": passed over\n";
    }
    progress.step(file.filename().string());
  }
  if (reports.empty()) throw DataError(paths.front() + ": no file of the schema");
  return reports;
}

/// cases, passed, failed, unknown of a file or a list; unknown ones are also failed, or neither.
json counts(std::size_t cases, std::size_t failed, std::size_t unknown, bool allow_unknown) {
  return {{"cases", cases},
          {"passed", cases - failed - unknown},
          {"failed", failed + (allow_unknown ? 0 : unknown)},
          {"unknown", unknown}};
}

json counts_of(const FileReport& report, bool allow_unknown) {
  return counts(report.total(&ListReport::cases), report.total(&ListReport::failed),
                report.total(&ListReport::unknown), allow_unknown);
}

json describe(const std::vector<FileReport>& reports, bool allow_unknown) {
  json files = json::array();
  json all = counts(0, 0, 0, allow_unknown);
  for (const FileReport& report : reports) {
    json file{{"file", report.file}};
    const json sums = counts_of(report, allow_unknown);
    for (const auto& [key, value] : sums.items()) {
      file[key] = value;
      all[key] = all[key].get<std::size_t>() + value.get<std::size_t>();
    }
    file["lists"] = json::object();
    for (const ListReport& l : report.lists) {
      file["lists"][l.name] = counts(l.cases, l.failed, l.unknown, allow_unknown);
    }
    file["failures"] = report.failures;
    files.push_back(std::move(file));
  }
  all["files"] = std::move(files);
  return all;
}

void print_text(const json& all) {
  Table table({"file", "cases", "passed", "failed", "unknown"});
  const auto add = [&](const std::string& name, const json& row) {
    std::vector<std::string> cells{name};
    for (const char* key : {"cases", "passed", "failed", "unknown"}) {
      cells.push_back(std::to_string(row[key].get<std::size_t>()));
    }
    table.add(std::move(cells));
  };
  for (const json& file : all["files"]) add(file["file"].get<std::string>(), file);
  table.rule();
  add("total", all);
  std::cout << table.text();
  for (const json& file : all["files"]) {
    for (const json& failure : file["failures"]) {
      std::cout << file["file"].get<std::string>() << ": " << failure.get<std::string>() << '\n';
    }
  }
}

}  // namespace

std::string crc32_text(std::span<const std::uint8_t> bytes) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08x", crc32(bytes));
  return digits;
}

Action add_interop(CLI::App& app) {
  struct Options {
    std::vector<std::string> paths;
    bool allow_unknown = false;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("PATH", options->paths,
                 "folders of .json vectors (those directly in them), or single files")
      ->required();
  app.add_flag("--allow-unknown", options->allow_unknown,
               "lists that this program does not know do not count as failed");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "A file is {\"header\": {...}, \"<list>\": [case, ...], ...}; the file's name says whose\n"
      "streams they are (ryg_byte.json, torch_rans64.json, ...). Each case is checked both ways:\n"
      "decoding gives the symbols, encoding gives the bytes.\n"
      "Exit code 1 if a case fails, 3 if a file is damaged.\n"
      "Example: transom interop ../vectors --json");
  return [options] {
    const json all = describe(run_all(options->paths), options->allow_unknown);
    if (options->as_json) {
      print(all);
    } else {
      print_text(all);
    }
    return all["failed"].get<std::size_t>() == 0 ? kFine : kMismatch;
  };
}

}  // namespace transom::cli
