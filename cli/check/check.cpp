// check.cpp — transom check: what a user's decoder wrote, held to a vector, a container or a trace.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>

#include "../common.hpp"
#include "../verbs.hpp"
#include "others.hpp"
#include "told.hpp"
#include "transom/files/read.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/strict_json.hpp"
#include "transom/harness/junit.hpp"
#include "transom/verify/cosim.hpp"

namespace transom::cli {
namespace {

namespace fs = std::filesystem;

/// What can be compared with: a tensor with its code and streams, or something else.
struct Case {
  std::string name;
  std::string id;  ///< of a test, or its number
  std::function<CodedTensor()> read;
  std::optional<OtherCase> other = {};
};

/// A vector's container, if its folder is what it was written as.
CodedTensor read_vector(const fs::path& folder) {
  try {
    return verify::read_vector(folder);
  } catch (const verify::ContainerError& error) {
    throw DataError(error.what());
  }
}

/// The vectors of a folder of `transom vectors`; none if it is none.
std::vector<Case> cases_of_vectors(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  if (!fs::exists(file)) return {};
  const auto manifest = golden::read_json(file);
  std::vector<Case> cases;
  if (!golden::has(manifest, "vectors")) return cases;
  try {
    for (const auto& vector : golden::list(manifest, "vectors")) {
      const std::string name = golden::text(vector, "name");
      if (fs::path(name).filename() != name) throw DataError("field 'name': it is a path");
      const auto id = golden::to_integer<unsigned>(golden::member(vector, "tcId"), "tcId");
      cases.push_back(
          {name, std::to_string(id), [folder, name] { return read_vector(folder / name); }});
    }
    for (OtherCase& other : other_cases(folder, manifest)) {
      cases.push_back({other.name, other.id, nullptr, std::move(other)});
    }
  } catch (const DataError& error) {
    throw DataError(file.string() + ": " + error.what());
  }
  return cases;
}

std::vector<Case> cases_of_tensors(std::vector<CodedTensor> tensors) {
  std::vector<Case> cases;
  for (CodedTensor& tensor : tensors) {
    const std::string name = tensor.name;
    cases.push_back({name, std::to_string(cases.size()), [t = std::move(tensor)] { return t; }});
  }
  return cases;
}

std::vector<Case> cases_of(const fs::path& reference) {
  if (is_container(reference)) return cases_of_tensors(read_container(reference));
  if (fs::exists(reference / "tensor.tsm")) {
    fs::path folder = reference.has_filename() ? reference : reference.parent_path();
    return {{folder.filename().string(), "0", [folder] { return read_vector(folder); }}};
  }
  if (std::vector<Case> cases = cases_of_vectors(reference); !cases.empty()) return cases;
  std::vector<CodedTensor> tensors;  // values alone: as a container's raw ones
  for (const Tensor& tensor : load_trace(reference)) {
    tensors.push_back(encode(tensor, raw_code(tensor.dtype), 1, 1));
  }
  return cases_of_tensors(std::move(tensors));
}

/// Tells the comparator the lines. A line of a pair's step is one of its two symbols.
void tell(verify::Cosim& cosim, const CodedTensor& tensor, const std::vector<ToldLine>& lines) {
  const Codec& c = codec(tensor.code.coding);
  const StreamLayout layout = tensor.layout();
  std::vector<std::uint32_t> stream_of(layout.n_values);
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    layout.for_each(s, [&](std::uint32_t i) { stream_of[i] = s; });
  }
  std::vector<std::uint64_t> n_told(layout.n_streams);
  std::vector<std::uint32_t> first(layout.n_streams);
  const auto tell_step = [&](std::uint32_t s, std::uint32_t symbol, const ToldLine& line) {
    if (line.position) {
      cosim.step(s, symbol, *line.state, *line.position);
    } else if (line.state) {
      cosim.step(s, symbol, *line.state);
    } else {
      cosim.step(s, symbol);
    }
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ToldLine& line = lines[i];
    const std::uint32_t s = line.stream            ? *line.stream
                            : i < stream_of.size() ? stream_of[i]
                                                   : layout.n_streams - 1;
    const std::uint64_t index = n_told[s]++;
    if (line.value) cosim.value(s, *line.value);
    if (!line.symbol) continue;
    if (!c.pairs) {
      tell_step(s, *line.symbol, line);
    } else if (index % 2 == 1) {
      tell_step(s, first[s] | *line.symbol << 4, line);
    } else if (index + 1 == layout.stream_values(s)) {  // the other is dropped, whatever it is
      const auto steps = c.trace_stream(c.make_table(tensor.code), tensor.code.table_log,
                                        make_row_words(tensor.code), tensor.streams[s],
                                        static_cast<std::uint32_t>(index) + 2);
      tell_step(s, *line.symbol | std::uint32_t{steps.back().symbol} << 4, line);
    } else {
      first[s] = *line.symbol;
    }
  }
}

struct Outcome {
  std::string name, id;
  std::uint64_t compared = 0;
  std::string wrong;  ///< empty if all is equal
  std::optional<verify::Difference> difference;
};

Outcome compare(const Case& one, const fs::path& file, const std::string& statuses,
                const std::string& statuses_from) {
  const auto compared = [&](const Compared& c) -> Outcome {
    if (!statuses.empty()) {
      throw std::invalid_argument("--status is for values and steps of streams");
    }
    return {one.name, one.id, c.n, c.wrong, {}};
  };
  if (one.other) {
    if (file.extension() != one.other->ending) {
      throw DataError(file.string() + ": what is compared with " + one.name + " is a " +
                      one.other->ending + ": name it so");
    }
    return compared(one.other->compare(file));
  }
  const CodedTensor tensor = one.read();
  if (file.extension() == kBeatsEnding) return compared(compare_beats({&tensor, 1}, file));
  const std::vector<ToldLine> lines = read_told(file, tensor);
  verify::Cosim cosim(tensor);
  tell(cosim, tensor, lines);
  if (!statuses.empty()) {
    const auto told = read_statuses(statuses, tensor.streams.size(), statuses_from);
    for (unsigned s = 0; s < told.size(); ++s) cosim.end(s, told[s]);
  }
  cosim.finish();
  Outcome outcome{one.name, one.id, cosim.n_compared(), "", cosim.first()};
  if (outcome.difference) {
    outcome.difference->cycle.reset();
    outcome.wrong = to_text(*outcome.difference);
    constexpr std::string_view kLane = "lane ";  // of a comparator: here each is a stream
    if (outcome.wrong.starts_with(kLane)) outcome.wrong.replace(0, kLane.size(), "stream ");
  }
  return outcome;
}

json describe(const Outcome& outcome) {
  json one{{"name", outcome.name},
           {"id", outcome.id},
           {"equal", outcome.wrong.empty()},
           {"compared", outcome.compared}};
  if (!outcome.wrong.empty()) one["text"] = outcome.wrong;
  if (const auto& d = outcome.difference) {
    one["difference"] = {{"what", verify::what_name(d->what)},
                         {"stream", d->lane},
                         {"index", d->index},
                         {"symbol_bit", d->symbol_position},
                         {"offset_bit", d->offset_position},
                         {"expected", d->want},
                         {"found", d->got},
                         {"class", verify::fault_name(d->diagnosis.fault)},
                         {"confidence", verify::confidence_name(d->diagnosis.confidence)}};
  }
  return one;
}

/// One testcase for each vector or tensor.
std::string junit(const std::string& reference, const std::vector<Outcome>& outcomes) {
  std::vector<harness::TestCase> cases;
  for (const Outcome& o : outcomes) {
    cases.push_back({reference, o.name, "", std::nullopt, std::nullopt});
    if (!o.wrong.empty()) cases.back().failure = o.wrong;
  }
  return harness::junit_xml("transom check", cases);
}

struct Options {
  std::string reference, output, test, status, junit;
  bool as_json = false;
};

std::vector<Case> chosen(const Options& options) {
  std::vector<Case> cases = cases_of(options.reference);
  if (options.test.empty()) return cases;
  const auto is_it = [&](const Case& c) { return c.name == options.test || c.id == options.test; };
  const auto found = std::find_if(cases.begin(), cases.end(), is_it);
  if (found == cases.end()) {
    throw std::invalid_argument("--test: " + options.reference + " has no '" + options.test +
                                "'; it has " + std::to_string(cases.size()) +
                                ", by name or number");
  }
  return {*found};
}

std::vector<Outcome> compare_all(const Options& options) {
  const std::vector<Case> cases = chosen(options);
  const fs::path output = options.output;
  if (!fs::is_directory(output)) {
    if (output.extension() == kBeatsEnding && is_container(options.reference)) {
      std::vector<CodedTensor> tensors;  // of one or all, as they leave
      for (const Case& one : cases) tensors.push_back(one.read());
      const Compared all = compare_beats(tensors, output);
      return {{output.filename().string(), "0", all.n, all.wrong, {}}};
    }
    if (cases.size() != 1) {
      throw std::invalid_argument(options.reference + " has " + std::to_string(cases.size()) +
                                  " to compare with: say which with --test, or give a folder");
    }
    return {compare(cases.front(), output, options.status, "--status")};
  }
  if (!options.status.empty()) {
    throw std::invalid_argument("--status is for one file; in a folder put NAME.status beside it");
  }
  std::vector<Outcome> outcomes;
  bool found = false;
  for (const Case& one : cases) {
    if (one.other) {  // of these what is there
      const fs::path file = output / (one.name + one.other->ending);
      if (!fs::exists(file)) continue;
      found = true;
      outcomes.push_back(compare(one, file, "", ""));
      continue;
    }
    Outcome outcome{one.name, one.id, 0, "no file of it is there: .csv, .hex or .npy", {}};
    for (const char* const ending : told_endings()) {
      const fs::path file = output / (one.name + ending), status = output / (one.name + ".status");
      if (!fs::exists(file)) continue;
      found = true;
      std::string statuses;
      if (fs::exists(status)) {
        const auto bytes = files::read_whole(status, "give a status for each stream", 1 << 20);
        statuses.assign(bytes.begin(), bytes.end());
      }
      outcome = compare(one, file, statuses, status.string());
      break;
    }
    outcomes.push_back(std::move(outcome));
  }
  if (!found) {
    throw DataError(options.output + ": none of the " + std::to_string(cases.size()) + " of " +
                    options.reference + " is there as NAME.hex, NAME.csv or NAME.npy");
  }
  return outcomes;
}

int check(const Options& options) {
  if (!options.junit.empty()) check_will_be_written(options.junit);
  const std::vector<Outcome> outcomes = compare_all(options);
  const auto n_failed = static_cast<std::size_t>(std::count_if(
      outcomes.begin(), outcomes.end(), [](const Outcome& o) { return !o.wrong.empty(); }));
  if (!options.junit.empty()) {
    files::write_whole(options.junit, junit(options.reference, outcomes));
  }
  if (options.as_json) {
    json tests = json::array();
    for (const Outcome& o : outcomes) tests.push_back(describe(o));
    print({{"reference", options.reference},
           {"checked", outcomes.size()},
           {"failed", n_failed},
           {"tests", std::move(tests)}});
  } else {
    std::uint64_t n_compared = 0;
    for (const Outcome& o : outcomes) {
      n_compared += o.compared;
      if (!o.wrong.empty()) std::cout << printable(o.name) << ": " << printable(o.wrong) << '\n';
    }
    std::cout << outcomes.size() << " checked, " << n_failed << " failed; " << n_compared
              << " steps and values compared\n";
  }
  return n_failed == 0 ? kFine : kMismatch;
}

}  // namespace

Action add_check(App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("REFERENCE", options->reference,
                 "a folder of `transom vectors` or a vector's in it, a .tsm, or a trace")
      ->required();
  app.add_option("OUTPUT", options->output,
                 "what your decoder wrote: a .hex, .csv, .npy, .beats, .digest, or a folder with "
                 "one for each")
      ->required();
  app.add_option("--test", options->test,
                 "one vector by tcId or name, one tensor by number or name");
  app.add_option("--status", options->status,
                 "how your decoder says that each stream ended: ok,ok,truncated");
  app.add_option("--junit", options->junit, "a JUnit file to write, with a testcase for each");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Compares what another decoder made of streams with the golden model and says the first\n"
      "difference: stream, index, bit position, what was expected and found, and what is probably\n"
      "behind it. OUTPUT is\n"
      "  .hex  values in the tensor's order, a word in hex to a line, as values.hex:\n"
      "          transom check vectors out.hex --test tans_int8\n"
      "  .csv  lines under names of columns: value; or stream, index, symbol, state, symbol_bits,\n"
      "        as trace.csv has them (of a pair both lines have its state); fewer will do:\n"
      "          transom check vectors steps.csv --test 17 --status truncated\n"
      "  .npy  values, as numpy.save writes them:\n"
      "          transom check digits.tsm out.npy --test conv1/weights\n"
      "  .beats  beats of a unit behind AXI, as beats.hex: TLAST, TKEEP and TDATA in hex, with _ "
      "or a\n"
      "          comma between; of a memory image, a vector, or a container with all its tensors:\n"
      "          transom check vectors out.beats --test axi_tans_good\n"
      "  .digest  STEP and digest of a chain:\n"
      "          transom check vectors mine.digest --test chain_tans\n"
      "  .status  what a reader says of a container:\n"
      "          transom check vectors out.status --test container_empty\n"
      "  a folder with NAME.hex, .csv or .npy, and NAME.status beside it where statuses are told:\n"
      "          transom check vectors results --junit results.xml\n"
      "Exit code: 0 equal, 1 a difference (also: a file is missing), 2 usage, 3 bad data.");
  return [options] { return check(*options); };
}

}  // namespace transom::cli
