// replay.cpp — see replay.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/harness/replay.hpp"

#include <span>

#include "transom/container/container.hpp"

namespace transom::harness {

namespace {

namespace fs = std::filesystem;

constexpr const char* kContainer = "container.tsm";
constexpr const char* kFinding = "finding.txt";
constexpr const char* kScript = "replay.sh";

/// A text as comment lines of a script.
std::string comment(std::string_view text) {
  std::string out = "# ";
  for (const char c : text) out += c == '\n' ? std::string("\n# ") : std::string(1, c);
  return out + '\n';
}

std::string script(const Failure& failure) {
  std::string text =
      "#!/bin/sh\n" + comment(failure.text) +
      "# Repeats it: exit status 1, and 0 once it is gone. The wave lies beside it.\n"
      "cd \"$(dirname \"$0\")\" || exit 2\nexec";
  for (const std::string& word : failure.program) text += ' ' + shell_word(word);
  return text + " container.tsm --tensor 0 --stream " + std::to_string(failure.stream) +
         " --stimulus " + shell_word(failure.stimulus) + " --seed " + std::to_string(failure.seed) +
         " --replay \"$@\"\n";
}

}  // namespace

std::string shell_word(std::string_view word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

void write_replay(files::WholeFolder& folder, const CodedTensor& tensor, const Failure& failure) {
  folder.write(kContainer, write_container(std::span(&tensor, 1)));
  folder.write(kFinding, failure.text + '\n');
  folder.write(kScript, script(failure), true);
}

std::string why_not_replace(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    const bool ours =
        name == kContainer || name == kFinding || name == kScript || name.stem() == "wave";
    if (!ours) return "it holds '" + name.string() + "', which is no part of a finding";
  }
  return "";
}

}  // namespace transom::harness
