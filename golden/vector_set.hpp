// vector_set.hpp — a set of vectors while it is written: its files and their hashes, and what
// others add. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "transom/files/whole.hpp"
#include "transom/golden/tally/sha256.hpp"
#include "transom/golden/vectors.hpp"
#include "transom/golden/vectors/lane_files.hpp"
#include "transom/golden/vectors/plan.hpp"
#include "transom/golden/vectors/tests_json.hpp"

namespace transom::golden {

/// Files below one folder, and their hashes.
class SetFolder {
 public:
  SetFolder(files::WholeFolder& root, std::filesystem::path name)
      : root_(root), name_(std::move(name)) {}
  void add(const std::string& name, std::span<const std::uint8_t> bytes) {
    root_.write(name_ / name, bytes);
    hashes[name] = sha256(bytes);
  }
  void add(const std::string& name, const std::string& text) {
    add(name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  void add(const std::vector<TextFile>& texts) {
    for (const TextFile& file : texts) add(file.name, file.text);
  }

  json hashes = json::object();

 private:
  files::WholeFolder& root_;
  std::filesystem::path name_;
};

/// All vectors of a plan, with ids.
struct PlannedVectors {
  Plan plan;
  std::vector<Vector> vectors;
};

/// Groups of tests, with what a half of them has; the first is number `first`.
using GroupsOf = std::function<json(Half half, unsigned first)>;

/// What others add to: they write below `root`, say in `manifest` what, and give lanes more to do.
struct VectorSet {
  files::WholeFolder& root;
  std::uint32_t seed;
  bool tests_alone;  ///< nothing but tests is written
  std::span<const PlannedVectors> planned;
  unsigned last_id;  ///< tcId; whoever adds vectors counts it on
  LaneIndex& lanes;
  json& manifest;
  VectorCount& count;
  /// Writes a file of tests.
  std::function<void(const std::string& name, const std::string& comment, const GroupsOf&)> tests;
};
using MoreVectors = std::function<void(VectorSet&)>;

/// write_vectors() with more in it.
VectorCount write_vectors(const std::filesystem::path& folder, std::uint32_t seed, VectorForm form,
                          const MoreVectors& more);

}  // namespace transom::golden
