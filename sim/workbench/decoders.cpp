// decoders.cpp — the table of decoders.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/decoders.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "transom/cycle/run.hpp"
#include "transom/gpu/cuda.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/tensor_job.hpp"
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_decoder.hpp"
#endif
#ifdef TRANSOM_HAVE_SYSTEMC
#include "transom/systemc/sc_decoder.hpp"
#endif

namespace transom::workbench {
namespace {

std::string always() { return {}; }
std::string any_tensor(const CodedTensor&) { return {}; }
std::string why_no_cuda() {
  return gpu::cuda_device() ? std::string()
                            : "there is no CUDA device, or it was built without nvcc";
}

/// A cycle-accurate decoder, on its own and without pressure.
template <unit::Run (*run)(unit::Bench&)>
Decoded decode_by_run(const CodedTensor& tensor) {
  const unit::Job job = unit::make_job(tensor);
  unit::Bench bench(unit::unit_shape(job.kind, job.streams.size()), {&job, 1});
  const unit::Run result = run(bench);
  if (!result.fault.empty()) throw std::runtime_error(result.fault);
  return collect(tensor, result);
}

#ifdef TRANSOM_HAVE_SYSTEMC
constexpr Decoder kSystemc{"systemc", &always, &unit::why_not_a_job,
                           &decode_by_run<systemc::run_systemc>, &systemc::run_systemc};
#else
std::string why_no_systemc() { return "it was built without SystemC (libsystemc-dev)"; }
constexpr Decoder kSystemc{"systemc", &why_no_systemc, &any_tensor, nullptr, nullptr};
#endif

#ifdef TRANSOM_HAVE_RTL
unit::Run run_rtl_plainly(unit::Bench& bench) { return verilated::run_rtl(bench); }
constexpr Decoder kRtl{"rtl", &always, &unit::why_not_a_job, &decode_by_run<run_rtl_plainly>,
                       &run_rtl_plainly};
#else
std::string why_no_rtl() { return "it was built without Verilator"; }
constexpr Decoder kRtl{"rtl", &why_no_rtl, &any_tensor, nullptr, nullptr};
#endif

constexpr std::array kDecoders{
    Decoder{"model", &always, &any_tensor, &decode, nullptr},
    Decoder{"cycle", &always, &unit::why_not_a_job, &decode_by_run<cycle::run>, &cycle::run},
    kSystemc,
    kRtl,
    Decoder{"cuda", &why_no_cuda, &any_tensor,
            [](const CodedTensor& tensor) { return gpu::decode_on_cuda(tensor); }, nullptr},
};

}  // namespace

std::span<const Decoder> decoders() { return kDecoders; }

const Decoder* find_decoder(std::string_view name) {
  const auto found = std::find_if(kDecoders.begin(), kDecoders.end(),
                                  [&](const Decoder& d) { return d.name == name; });
  return found == kDecoders.end() ? nullptr : &*found;
}

}  // namespace transom::workbench
