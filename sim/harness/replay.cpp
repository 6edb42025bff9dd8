// replay.cpp — see replay.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/harness/replay.hpp"

#include <fstream>
#include <span>
#include <stdexcept>

#include "transom/container/container.hpp"

namespace transom::harness {

namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

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

void write_replay(const fs::path& folder, const CodedTensor& tensor, const Failure& failure) {
  fs::create_directories(folder);
  const std::vector<std::uint8_t> bytes = write_container(std::span(&tensor, 1));
  write(folder / "container.tsm", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  write(folder / "finding.txt", failure.text + '\n');
  write(folder / "replay.sh", script(failure));
  fs::permissions(folder / "replay.sh", fs::perms::owner_all | fs::perms::group_read |
                                            fs::perms::group_exec | fs::perms::others_read |
                                            fs::perms::others_exec);
}

}  // namespace transom::harness
