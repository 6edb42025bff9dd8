// interop.cpp — transom interop: other coders' streams, tables and headers, checked bit for bit.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/interop/interop.hpp"

#include <iostream>
#include <memory>

#include "common.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
namespace {

namespace fs = std::filesystem;

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

/// What JSON without a header is, as far as its fields tell.
std::string kind_of(const json& content) {
  if (!content.is_object()) return content.is_array() ? "a JSON list" : "a JSON value";
  if (content.contains("vectors")) {
    return "the manifest of golden vectors (transom vectors), which are for a decoder";
  }
  if (content.contains("tensors"))
    return "the manifest of a trace (transom encode takes its folder)";
  return "another JSON object";
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
      throw DataError(file.string() + ": it is " + kind_of(content) +
                      ", not vectors of a foreign coder, which have an object \"header\"");
    } else {
      std::cerr << "transom: " << printable(file.string()) << " has no \"header\": passed over\n";
    }
    progress.step(file.filename().string());
  }
  if (reports.empty()) throw DataError(paths.front() + ": no file of the schema");
  for (const FileReport& report : reports) {
    if (report.total(&ListReport::cases) == 0) {
      throw DataError(report.file + ": it has no case: nothing was checked");
    }
  }
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
      std::cout << printable(file["file"].get<std::string>()) << ": "
                << printable(failure.get<std::string>()) << '\n';
    }
  }
}

}  // namespace

Action add_interop(App& app) {
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
      "Exit code 1 if a case fails, 3 if a file is damaged or has no case.\n"
      "Example: transom interop ../vectors --json");
  return [options] {
    const json all = describe(run_all(options->paths), options->allow_unknown);
    if (options->as_json) {
      print(all);
    } else {
      print_text(all);
    }
    const std::size_t failed = all["failed"].get<std::size_t>();
    if (failed == 0 && all["passed"].get<std::size_t>() == 0) {
      throw DataError(options->paths.front() + ": no list is known: nothing was checked");
    }
    return failed == 0 ? kFine : kMismatch;
  };
}

}  // namespace transom::cli
