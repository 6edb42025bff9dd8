// transom.cpp — our codings as `peers` times them: tables, verdicts and checksum are part of it.
//
// The table is chosen before the clock starts: a plan tries many codes, and the peers have one way
// each to choose theirs.
// SPDX-License-Identifier: Apache-2.0
#include "transom/codec/codec.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

#include "peer.hpp"
#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"

namespace transom::peers {
namespace {

/// Encodes with the code that was planned for the first values that came.
class Coder {
 public:
  Coder(Coding coding, std::uint32_t n_streams) {
    options_.coding = coding;
    options_.n_streams = n_streams;
  }

  Coded encode(Bytes values) {
    const std::array<std::uint32_t, 1> shape{static_cast<std::uint32_t>(values.size())};
    if (!code_) {
      // Bytes of 4-bit values are 4-bit values to us, as the pairs want them.
      const bool narrow = std::ranges::all_of(values, [](std::uint8_t v) { return v < 16; });
      dtype_ = {static_cast<std::uint8_t>(narrow ? 4 : 8), false};
      code_ = encode_best({"values", dtype_, shape, values}, options_).code;
    }
    auto coded = std::make_shared<const CodedTensor>(transom::encode(
        {"values", dtype_, shape, values}, *code_, options_.n_streams, options_.chunk));
    return {record_bytes(*coded).coded(), [coded](std::span<std::uint8_t> out) {
              if (decode(*coded, MutablePatterns(out)).status != Status::kOk) {
                throw std::runtime_error("peers: our own stream does not decode");
              }
            }};
  }

 private:
  PlanOptions options_;
  DType dtype_;
  std::optional<Code> code_;
};

}  // namespace

void add_transom(std::vector<Peer>& peers) {
  const auto add = [&](const char* family, Coding coding, std::uint32_t n_streams) {
    const auto coder = std::make_shared<Coder>(coding, n_streams);
    std::string name(codec(coding).name);
    name.append(", ").append(std::to_string(n_streams)).append(" streams");
    if (n_streams == 1) name.pop_back();
    peers.push_back(
        {family, "transom", name, [coder](Bytes values) { return coder->encode(values); }});
  };
  for (const std::uint32_t n_streams : {64u, 1u}) {
    add("tans", Coding::kTans, n_streams);
    add("rans", Coding::kRans, n_streams);
    add("tans", Coding::kApackTans, n_streams);
    add("tans", Coding::kApackTansPair, n_streams);
    add("arith", Coding::kApackAc, n_streams);
  }
  add("copy", Coding::kRaw, 64);
}

}  // namespace transom::peers
