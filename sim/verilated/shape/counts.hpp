// counts.hpp — what all models of a shape reached in this process: lines or toggles, in one file.
//
// Verilator counts in each model and writes a file of each; tests make thousands of models.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Vshape__Syms.h>
#include <unistd.h>
#include <verilated_cov.h>

#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#define TRANSOM_QUOTED_(name) #name
#define TRANSOM_QUOTED(name) TRANSOM_QUOTED_(name)

namespace transom::verilated {

/// The first model that is done stays, and takes the counts of the others. It is never deleted:
/// what Verilator keeps for each thread is gone when the process ends.
class CoverageCounts {
 public:
  ~CoverageCounts() {
    const char* folder = std::getenv("TRANSOM_COVERAGE_DATA");
    if (model_ == nullptr || folder == nullptr) return;
    const std::string file = std::string(folder) + "/" TRANSOM_QUOTED(TRANSOM_SHAPE_NAME) "-" +
                             std::to_string(getpid()) + ".dat";
    context_->coveragep()->write(file.c_str());
  }
  CoverageCounts() = default;
  CoverageCounts(const CoverageCounts&) = delete;
  CoverageCounts& operator=(const CoverageCounts&) = delete;

  void add(std::unique_ptr<VerilatedContext> context, std::unique_ptr<Vshape> model) {
    if (model_ == nullptr) {
      context_ = context.release();
      model_ = model.release();
      return;
    }
    auto& to = model_->rootp->vlSymsp->__Vcoverage;
    const auto& from = model->rootp->vlSymsp->__Vcoverage;
    for (std::size_t i = 0; i < std::size(to); ++i) to[i] += from[i];
    model.reset();  // before its context
  }

 private:
  VerilatedContext* context_ = nullptr;
  Vshape* model_ = nullptr;
};

inline CoverageCounts& coverage_counts() {
  static CoverageCounts counts;
  return counts;
}

}  // namespace transom::verilated
