// decoders.cpp — the table of decoders.
// SPDX-License-Identifier: Apache-2.0
#include "decoders.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "gpu_decoder.hpp"
#include "tensor_job.hpp"
#ifdef TRANSOM_HAVE_RTL
#include "rtl_decoder.hpp"
#endif
#ifdef TRANSOM_HAVE_SYSTEMC
#include "sc_decoder.hpp"
#endif

namespace transom::cli {
namespace {

std::string always() { return {}; }
std::string any_tensor(const CodedTensor&) { return {}; }
std::string why_no_cuda() {
  return cuda_device() ? std::string() : "there is no CUDA device, or it was built without nvcc";
}

/// A cycle-accurate decoder, on its own and without pressure.
template <Run (*run)(Bench&)>
Decoded decode_by_run(const CodedTensor& tensor) {
  const Job job = make_job(tensor);
  Bench bench(unit_shape(job.kind, job.streams.size()), {&job, 1});
  const Run result = run(bench);
  if (!result.fault.empty()) throw std::runtime_error(result.fault);
  return collect(tensor, result);
}

#ifdef TRANSOM_HAVE_SYSTEMC
constexpr Decoder kSystemc{"systemc", &always, &why_not_a_job, &decode_by_run<run_systemc>,
                           &run_systemc};
#else
std::string why_no_systemc() { return "it was built without SystemC (libsystemc-dev)"; }
constexpr Decoder kSystemc{"systemc", &why_no_systemc, &any_tensor, nullptr, nullptr};
#endif

#ifdef TRANSOM_HAVE_RTL
Run run_rtl_plainly(Bench& bench) { return run_rtl(bench); }
constexpr Decoder kRtl{"rtl", &always, &why_not_a_job, &decode_by_run<run_rtl_plainly>,
                       &run_rtl_plainly};
#else
std::string why_no_rtl() { return "it was built without Verilator"; }
constexpr Decoder kRtl{"rtl", &why_no_rtl, &any_tensor, nullptr, nullptr};
#endif

constexpr std::array kDecoders{
    Decoder{"model", &always, &any_tensor, &decode, nullptr},
    kSystemc,
    kRtl,
    Decoder{"cuda", &why_no_cuda, &any_tensor,
            [](const CodedTensor& tensor) { return decode_on_cuda(tensor); }, nullptr},
};

}  // namespace

std::span<const Decoder> decoders() { return kDecoders; }

const Decoder* find_decoder(std::string_view name) {
  const auto found = std::find_if(kDecoders.begin(), kDecoders.end(),
                                  [&](const Decoder& d) { return d.name == name; });
  return found == kDecoders.end() ? nullptr : &*found;
}

}  // namespace transom::cli
