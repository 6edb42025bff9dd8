// torch_cdf.hpp — torch_ans' quantisers: probabilities of binary32 to cumulative frequencies.
//
// Floating point on this side of the histogram only, binary32, one rounding per operation: what
// torch_ans computes, to the bit. f_i = round-half-even(p_i 2^p) and c_i = floor(f_i 2^p / sum f);
// the rest goes to the last symbol, and each symbol without a slot steals one. torch_ans takes the
// product in int32 and the quotient in binary32: kCompat wraps as it does, from p_i >= 1/2 at
// p = 16 on, and the result may be no table. kFixed takes both in 64-bit integers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace transom::foreign {

enum class CdfMode : std::uint8_t {
  kCompat,
  kFixed,
  kUsable  ///< kCompat where that is a table, else kFixed: torch_ans' streams wherever it has any
};

/// N + 1 boundaries, 0 .. 2^precision; strictly ascending unless kCompat. precision 1..23, 1..65535
/// symbols. Throws for others, if there are more symbols than slots ("No symbol to steal frequency
/// from" in torch_ans), on a probability that is negative, not a number, or too big for an int32,
/// and for no CdfMode.
std::vector<std::int32_t> pmf_to_cdf(std::span<const float> pmf, unsigned precision, CdfMode mode);

/// Whether the boundaries ascend strictly from 0 to 2^precision, precision <= 30 (throws).
bool is_cdf(std::span<const std::int32_t> cdf, unsigned precision);

struct CdfRows {
  std::vector<std::vector<std::int32_t>> cdf;
  std::vector<std::uint32_t> sizes;  ///< entries of each row that are its own
};
/// TorchANSInterface.init_params: integer frequencies, rows of one width with n_freqs[i] used. With
/// bypass a last column of 1e-10 makes room for the escape. As torch_ans does, over the whole
/// width: the last own boundary of a shorter row is then not 2^precision. Throws as pmf_to_cdf()
/// does, and for a row that is shorter than its n_freqs.
CdfRows cdf_of_freqs(std::span<const std::vector<std::uint32_t>> freqs,
                     std::span<const std::uint32_t> n_freqs, unsigned precision, bool bypass,
                     CdfMode mode);
/// The same of probabilities up to a factor. Their sum is taken from the first to the last, where
/// PyTorch's order is its own: a boundary may differ from torch_ans' by one.
CdfRows cdf_of_weights(std::span<const std::vector<float>> weights,
                       std::span<const std::uint32_t> n_weights, unsigned precision, bool bypass,
                       CdfMode mode);

/// inverse_quantized_cdf: the symbol of each of the 2^precision slots, precision <= 16. Throws
/// unless the boundaries ascend from 0.
std::vector<std::uint32_t> inverse_cdf(std::span<const std::uint32_t> cdf, unsigned precision);

struct BatchedOptions {
  bool add_tail = false;   ///< one more symbol
  bool normalise = false;  ///< divide a row by its sum first
  float tail = 1e-10F;     ///< of that symbol
};
/// pmf_to_quantized_cdf_batched, the alternative in binary32: adds one slot to each symbol, scales,
/// and scales down again while a row is over 2^precision. Throws as pmf_to_cdf() does, on values
/// that are not finite and not negative, or when the scaling does not come to an end.
std::vector<std::vector<std::int32_t>> pmf_to_cdf_batched(std::span<const std::vector<float>> pmf,
                                                          unsigned precision,
                                                          const BatchedOptions& options);

}  // namespace transom::foreign
