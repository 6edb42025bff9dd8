// harness_main.cpp — the program around a Dut: options, cases, reports.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <ostream>
#include <stdexcept>

#include "transom/container/container.hpp"
#include "transom/files/read.hpp"
#include "transom/files/whole.hpp"
#include "transom/harness/harness.hpp"
#include "transom/harness/replay.hpp"

namespace transom::harness {

namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path container;
  std::optional<std::string> tensor;
  std::optional<unsigned> stream;
  std::optional<std::string> stimulus;
  fs::path junit;
  fs::path out = "findings";
  bool replay = false;
  HarnessOptions harness;
};

std::uint64_t number(const std::string& option, const std::string& text, std::uint64_t most) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n > most) {
    throw std::invalid_argument(option + " " + text + ": take a number, at most " +
                                std::to_string(most));
  }
  return n;
}

Options parse(const std::vector<std::string>& arguments) {
  Options o;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (++i == arguments.size()) throw std::invalid_argument(name + " wants a value");
      return arguments[i];
    };
    if (name == "--tensor") {
      o.tensor = value();
    } else if (name == "--stream") {
      o.stream = static_cast<unsigned>(number(name, value(), kMaxStreams - 1));
    } else if (name == "--stimulus") {
      o.stimulus = find_stimulus(value()).name;
    } else if (name == "--seed") {
      o.harness.seed = number(name, value(), ~std::uint64_t{0});
    } else if (name == "--junit") {
      o.junit = value();
    } else if (name == "--out") {
      o.out = value();
    } else if (name == "--wave") {
      o.harness.wave_clocks = number(name, value(), 1'000'000);
    } else if (name == "--patience") {
      o.harness.patience = number(name, value(), 1'000'000'000);
    } else if (name == "--replay") {
      o.replay = true;
    } else if (name.starts_with("-") || !o.container.empty()) {
      throw std::invalid_argument("'" + name + "' is no option");
    } else {
      o.container = name;
    }
  }
  if (o.container.empty()) throw std::invalid_argument("no container is named");
  return o;
}

std::vector<CodedTensor> read_tensors(const Options& o) {
  Parsed parsed = parse_container(files::read_whole(o.container, "name a container"));
  if (parsed.status != Status::kOk) {
    throw verify::ContainerError(parsed.status, o.container.string() + ": " + parsed.what);
  }
  if (!o.tensor) return std::move(parsed.tensors);
  for (std::size_t i = 0; i < parsed.tensors.size(); ++i) {
    if (parsed.tensors[i].name == *o.tensor || std::to_string(i) == *o.tensor) {
      return {std::move(parsed.tensors[i])};
    }
  }
  throw std::invalid_argument("--tensor " + *o.tensor + ": " + o.container.string() +
                              " has none of that name or number");
}

/// A name for a file: what is not a letter, a digit, a dot or a dash becomes '_'.
std::string file_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '.');
      },
      '_');
  return name;
}

std::string differ(unsigned n_cases) {
  if (n_cases == 0) return "no difference";
  return std::to_string(n_cases) + (n_cases == 1 ? " case differs" : " cases differ");
}

class Program {
 public:
  Program(Options options, std::vector<std::string> program, const MakeDut& make, std::ostream& out)
      : o_(std::move(options)), program_(std::move(program)), make_(make), out_(out) {}

  int run() {
    for (const CodedTensor& tensor : read_tensors(o_)) run_tensor(tensor);
    if (!o_.junit.empty()) files::write_whole(o_.junit, junit_xml("transom", cases_));
    out_ << n_cases_ << (n_cases_ == 1 ? " case, " : " cases, ") << n_compared_
         << " steps and values compared, " << n_clocks_ << " clocks: " << differ(n_found_);
    if (n_skipped_ != 0) out_ << "; " << n_skipped_ << " tensors skipped";
    out_ << '\n';
    return n_found_ == 0 ? 0 : 1;
  }

 private:
  void run_tensor(const CodedTensor& tensor) {
    const std::unique_ptr<Dut> dut = make_();
    if (const std::string why = dut->why_not(tensor); !why.empty()) {
      ++n_skipped_;
      out_ << tensor.name << ": skipped: " << why << '\n';
      cases_.push_back({tensor.name, "all", {}, {}, why});
      return;
    }
    const Task task = verify::make_task(tensor);
    if (o_.stream && *o_.stream >= task.streams.size()) {
      throw std::invalid_argument("--stream " + std::to_string(*o_.stream) + ": tensor '" +
                                  tensor.name + "' has " + std::to_string(task.streams.size()));
    }
    const std::uint64_t compared = n_compared_;
    const unsigned n_found = n_found_;
    const unsigned last = o_.stream.value_or(static_cast<unsigned>(task.streams.size() - 1));
    for (unsigned first = o_.stream.value_or(0); first <= last; first += dut->n_lanes()) {
      for (const Stimulus& stimulus : stimuli()) {
        if (o_.stimulus && *o_.stimulus != stimulus.name) continue;
        run_one(tensor, task, first, stimulus);
      }
    }
    out_ << tensor.name << ": " << n_compared_ - compared << " steps and values compared, "
         << differ(n_found_ - n_found) << '\n';
  }

  void run_one(const CodedTensor& tensor, const Task& task, unsigned first,
               const Stimulus& stimulus) {
    const std::unique_ptr<Dut> dut = make_();
    const CaseResult result = run_case(*dut, task, first, stimulus, o_.harness);
    ++n_cases_;
    n_compared_ += result.n_compared;
    n_clocks_ += result.n_clocks;
    TestCase test{tensor.name,
                  "stream " + std::to_string(first) + ", " + std::string(stimulus.name),
                  std::to_string(result.n_compared) + " steps and values compared in " +
                      std::to_string(result.n_clocks) + " clocks, seed " +
                      std::to_string(o_.harness.seed),
                  {},
                  {}};
    if (!result.problem.empty()) {
      ++n_found_;
      test.failure = result.problem;
      out_ << tensor.name << ", " << test.name << ": " << result.problem << '\n';
      keep(tensor, task, first, stimulus, result);
    }
    cases_.push_back(std::move(test));
  }

  /// The folder of a failure; of a failure that is repeated, the wave alone.
  void keep(const CodedTensor& tensor, const Task& task, unsigned first, const Stimulus& stimulus,
            const CaseResult& result) {
    if (o_.replay) {
      const files::Temporary made("wave", files::Temporary::Kind::kFolder);
      write_wave(made.path(), task, first, stimulus, result.at);
      for (const fs::directory_entry& wave : fs::directory_iterator(made.path())) {
        fs::rename(wave.path(), wave.path().filename());
      }
      return;
    }
    const fs::path target =
        o_.out / file_name(tensor.name + "-s" + std::to_string(first) + "-" +
                           std::string(stimulus.name) + "-" + std::to_string(o_.harness.seed));
    files::WholeFolder folder(target, why_not_replace);
    write_replay(folder, tensor,
                 {program_, std::string(stimulus.name), o_.harness.seed, first, result.problem});
    write_wave(folder.path(), task, first, stimulus, result.at);
    folder.keep();
    out_ << "  repeat it: " << (target / "replay.sh").string() << '\n';
  }

  void write_wave(const fs::path& folder, const Task& task, unsigned first,
                  const Stimulus& stimulus, std::uint64_t at) {
    if (o_.harness.wave_clocks == 0) return;
    const std::uint64_t half = o_.harness.wave_clocks / 2;
    const std::unique_ptr<Dut> dut = make_();
    if (!dut->wave(folder / "wave", at - std::min(at, half), at + half)) return;
    run_case(*dut, task, first, stimulus, o_.harness);
  }

  Options o_;
  std::vector<std::string> program_;
  const MakeDut& make_;
  std::ostream& out_;
  std::vector<TestCase> cases_;
  unsigned n_cases_ = 0;
  unsigned n_found_ = 0;
  unsigned n_skipped_ = 0;
  std::uint64_t n_compared_ = 0;
  std::uint64_t n_clocks_ = 0;
};

}  // namespace

std::string_view harness_usage() {
  return "CONTAINER.tsm       the tensors to decode, as `transom encode` writes them\n"
         "--tensor NAME|N     this one alone\n"
         "--stream N          the streams from N on, as many as there are lanes\n"
         "--stimulus NAME     plain, slow-words, slow-consumer, both, bursts or reset; else all\n"
         "--seed N            of all that is random (1)\n"
         "--junit FILE        the cases as JUnit XML\n"
         "--out FOLDER        where failures are kept (findings)\n"
         "--wave N            clocks of the wave around a failure (400); 0: none\n"
         "--patience N        clocks without any progress that are a hang (20000)\n";
}

int harness_main(const std::vector<std::string>& arguments, const std::vector<std::string>& program,
                 const MakeDut& make, std::ostream& out) {
  files::clean_up_on_signals();
  try {
    if (arguments.empty() || arguments[0] == "--help") {
      out << harness_usage();
      return arguments.empty() ? 2 : 0;
    }
    return Program(parse(arguments), program, make, out).run();
  } catch (const verify::ContainerError& error) {
    out << "error: " << error.what() << '\n';
    return 3;
  } catch (const files::DataError& error) {
    out << "error: " << error.what() << '\n';
    return 3;
  } catch (const std::exception& error) {
    out << "error: " << error.what() << '\n';
    return 2;
  }
}

}  // namespace transom::harness
