// cosim_tlm_time.cpp — the loosely timed view of decoder_axi: its cycles against the cycle-accurate
// view's, its speed against the golden model's.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include "support.hpp"
#include "tlm_support.hpp"

using namespace transom;
using namespace transom::support;

TEST_CASE("tlm: the loosely timed view is within 2 % of the cycle-accurate one", "[cosim]") {
  std::cout << "tlm: cycles of the loosely timed view, against the cycle-accurate one\n"
            << "unit, coding, latency, ps per byte: cycles, error\n";
  std::vector<Tensor> big;
  for (Tensor& tensor : digits()) {
    if (tensor.values.size() >= 20'000) big.push_back(std::move(tensor));
  }
  REQUIRE(!big.empty());
  for (Pair& unit : units()) {
    for (const Codec& c : codecs()) {
      if (c.lane != unit.shape.unit.kind || c.coding == Coding::kRaw) continue;
      const Laid laid = lay_out(big, c.coding, unit.shape, 4);
      if (laid.tensors.empty()) continue;
      unit.lay(laid.image);
      for (const MemoryTiming& timing : {kFast, kUsual, kSlow}) {
        set_timing(unit, timing);
        const TlmRun lt = run(*unit.lt, laid);
        const TlmRun ca = run(*unit.ca, laid);
        const double error = error_percent(lt, ca);
        std::cout << "  " << unit.shape.unit.n_lanes << ", " << c.name << ", " << timing.latency
                  << ", " << timing.byte_time << ": " << cycles(ca) << ", " << std::fixed
                  << std::setprecision(2) << error << " %\n";
        CHECK(std::abs(error) < 2);
        CHECK((lt.values == laid.values));
        CHECK((ca.values == laid.values));
      }
    }
  }
}

TEST_CASE("tlm: and so it is on recorded networks", "[cosim]") {
  const auto traces = support::shared_folder("traces");
  if (!traces) return;
  std::cout << "tlm: recorded networks: the same; values below a million of each\n";
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(*traces)) {
    if (entry.is_directory() && std::filesystem::exists(entry.path() / "manifest.json")) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  for (const std::filesystem::path& folder : folders) {
    std::vector<Tensor> some;
    std::size_t n_values = 0;
    for (Tensor& tensor : read_trace(folder)) {
      if (n_values + tensor.values.size() > 1'000'000) continue;
      n_values += tensor.values.size();
      some.push_back(std::move(tensor));
    }
    for (Pair& unit : units()) {
      const Codec& c = *std::find_if(codecs().begin(), codecs().end(), [&](const Codec& each) {
        return each.lane == unit.shape.unit.kind && each.max_rows == kMaxApackRows;
      });
      const Laid laid = lay_out(some, c.coding, unit.shape);
      if (laid.tensors.empty()) continue;
      unit.lay(laid.image);
      set_timing(unit, kUsual);
      const TlmRun lt = run(*unit.lt, laid);
      const TlmRun ca = run(*unit.ca, laid);
      const double error = error_percent(lt, ca);
      std::cout << "  " << folder.filename().string() << ", " << unit.shape.unit.n_lanes << ", "
                << c.name << ", " << laid.tensors.size() << " tensors: " << cycles(ca) << ", "
                << std::fixed << std::setprecision(2) << error << " %\n";
      CHECK(std::abs(error) < 2);
      CHECK(lt.status == kAxiDone);
      CHECK((lt.values == laid.values));
      CHECK((ca.values == laid.values));
    }
  }
}
