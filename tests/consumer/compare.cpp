// compare.cpp — somebody else's program: the cycle model under the comparator, and a fault that it
// finds.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <vector>

#include "tensor.hpp"
#include "transom/cycle/run.hpp"
#include "transom/plan/plan.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/cosim.hpp"
#include "transom/verify/lockstep.hpp"

namespace {

using namespace transom;

/// Runs the unit on `given` and compares it with what `wanted` says. The number of differences.
std::uint64_t differences(const CodedTensor& tensor, const std::vector<unit::Job>& given,
                          const std::vector<unit::Job>& wanted) {
  verify::Lockstep lockstep(wanted);
  unit::Bench bench(unit::UnitShape{LaneKind::kTans, 4}, given, {}, &lockstep);
  const unit::Run run = cycle::run(bench);
  const Decoded decoded = unit::collect(tensor, run);
  std::printf("%llu cycles, %s, %s\n", static_cast<unsigned long long>(run.cycles),
              status_name(decoded.status).data(), lockstep.text().c_str());
  return lockstep.n_mismatches();
}

/// A decoder that shows values alone, with lane 2 wrong from its 100th value on. Whether it is
/// found.
bool found_by_values(const Tensor& tensor, const CodedTensor& coded) {
  verify::Cosim cosim(coded);
  for (std::uint32_t stream = 0; stream < coded.layout().n_streams; ++stream) {
    std::uint32_t n = 0;
    coded.layout().for_each(stream, [&](std::uint32_t i) {
      cosim.value(stream, tensor.values[i] ^ (stream == 2 && n++ >= 100 ? 1u : 0u));
    });
    cosim.end(stream, Status::kOk);
  }
  cosim.finish();
  if (const auto first = cosim.first()) std::printf("%s\n", verify::to_text(*first).c_str());
  return cosim.first() && cosim.first()->lane == 2 && cosim.first()->index == 100;
}

}  // namespace

int main() {
  const Tensor tensor = make_tensor();
  const CodedTensor coded = encode_best(tensor, {});
  const std::vector<unit::Job> good{unit::make_job(coded)};
  std::vector<unit::Job> bad = good;
  bad[0].streams[1].symbol_words[3] ^= 1;
  return differences(coded, good, good) == 0 && differences(coded, bad, good) != 0 &&
                 found_by_values(tensor, coded)
             ? 0
             : 1;
}
