// bus_rules.hpp — what a unit owes its buses, clock by clock: rtl/axi/axi_checks.sv without SVA,
// which a netlist has not.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "transom/system/axi_bus.hpp"
#include "transom/system/axi_limits.hpp"

namespace transom::mutate {

class BusRules {
 public:
  explicit BusRules(const system::AxiParameters& unit) : unit_(unit) {}

  /// The rule that a clock breaks, or nothing. @param limits that the unit has
  const char* broken(const system::AxiInputs& in, const system::AxiOutputs& out,
                     const system::AxiLimits& limits) {
    const char* why = in.reset ? nullptr : address(out, limits);
    if (why == nullptr && !in.reset) why = values(out);
    if (why == nullptr && !in.reset) why = answers(out);
    remember(in, out);
    return why;
  }

 private:
  const char* address(const system::AxiOutputs& out, const system::AxiLimits& limits) const {
    if (!out.rready) return "RREADY is low";
    if (ar_waits_ && !(out.arvalid && out.araddr == was_.araddr && out.arlen == was_.arlen)) {
      return "a read on offer does not stay";
    }
    if (!out.arvalid) return nullptr;
    const std::uint64_t size = (out.arlen + std::uint64_t{1}) * unit_.beat_bytes();
    const std::uint64_t last = out.araddr + size - 1;
    if (out.araddr % unit_.beat_bytes() != 0) return "a burst is not aligned";
    if (out.arlen >= unit_.max_burst) return "a burst is too long";
    if (out.araddr / 4096 != last / 4096) return "a burst crosses 4 KiB";
    if (out.araddr < limits.window_base || last > limits.window_limit || last < out.araddr) {
      return "a read outside of the window";
    }
    if (on_way_ > unit_.outstanding) return "too many bursts";
    return nullptr;
  }
  const char* values(const system::AxiOutputs& out) const {
    if (t_waits_ && !(out.tvalid && out.tlast == was_.tlast && out.values == was_.values &&
                      out.keep == was_.keep)) {
      return "a beat on offer does not stay";
    }
    if (!out.tvalid) return nullptr;
    const auto half = [](std::uint8_t keep) { return keep == 1 || keep == 2; };
    if (std::ranges::any_of(out.keep, half)) return "half a value is kept";
    const bool any = std::ranges::any_of(out.keep, [](std::uint8_t keep) { return keep != 0; });
    return any || out.tlast ? nullptr : "a beat of nothing";
  }
  const char* answers(const system::AxiOutputs& out) const {
    if (b_waits_ && !out.lite_bvalid) return "an answer to a write does not stay";
    if (r_waits_ && !(out.lite_rvalid && out.lite_rdata == was_.lite_rdata)) {
      return "an answer to a read does not stay";
    }
    if (out.lite_bvalid && (n_aw_ == 0 || n_w_ == 0)) return "an answer that no write has";
    if (out.lite_rvalid && n_ar_ == 0) return "an answer that no read has";
    return nullptr;
  }
  void remember(const system::AxiInputs& in, const system::AxiOutputs& out) {
    was_ = out;
    ar_waits_ = out.arvalid && !in.arready && !in.reset;
    t_waits_ = out.tvalid && !in.tready && !in.reset;
    b_waits_ = out.lite_bvalid && !in.lite_bready && !in.reset;
    r_waits_ = out.lite_rvalid && !in.lite_rready && !in.reset;
    on_way_ += out.arvalid && in.arready;
    on_way_ -= in.rvalid && out.rready && in.rlast && on_way_ != 0;
    if (in.reset) {
      n_aw_ = n_w_ = n_ar_ = 0;
      return;
    }
    n_aw_ += in.lite_awvalid && out.lite_awready;
    n_w_ += in.lite_wvalid && out.lite_wready;
    n_ar_ += in.lite_arvalid && out.lite_arready;
    const bool b = out.lite_bvalid && in.lite_bready;
    n_aw_ -= b && n_aw_ != 0;
    n_w_ -= b && n_w_ != 0;
    n_ar_ -= out.lite_rvalid && in.lite_rready && n_ar_ != 0;
  }

  system::AxiParameters unit_;
  system::AxiOutputs was_;
  bool ar_waits_ = false, t_waits_ = false, b_waits_ = false, r_waits_ = false;
  unsigned on_way_ = 0;                     ///< bursts
  unsigned n_aw_ = 0, n_w_ = 0, n_ar_ = 0;  ///< requests without an answer
};

}  // namespace transom::mutate
