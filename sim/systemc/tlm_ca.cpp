// tlm_ca.cpp — decoder_axi for a virtual platform, cycle-accurate.
// SPDX-License-Identifier: Apache-2.0
#include "transom/systemc/tlm_ca.hpp"

#include <algorithm>
#include <span>

namespace transom::systemc {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

TlmDecoderCa::TlmDecoderCa(const sc_core::sc_module_name& name, const TlmParameters& parameters)
    : TlmDecoder(name, parameters), model_(parameters.axi) {
  in_.rdata.resize(parameters.axi.beat_words());
  SC_METHOD(tick);
  SC_THREAD(send_values);
  for (unsigned i = 0; i < parameters.axi.outstanding; ++i) {
    fetchers_.push_back(std::make_unique<Fetcher>());
    sc_core::sc_spawn([this, i] { fetch(i); }, sc_core::sc_gen_unique_name("fetch"));
  }
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// The clock: its edges are the multiples of its period, whether they are simulated or not.

bool TlmDecoderCa::wake() {
  const sc_time since = sc_time_stamp() - last_tick_;
  const auto period = parameters_.clock.value();
  const std::uint64_t n_clocks = std::max<std::uint64_t>((since.value() + period - 1) / period, 1);
  const sc_time edge = last_tick_ + static_cast<double>(n_clocks) * parameters_.clock;
  if (edge != sc_time_stamp()) {
    next_trigger(edge - sc_time_stamp());
    return false;
  }
  if (n_clocks > 1) model_.rest(n_clocks - 1);
  rests_ = false;
  return true;
}

void TlmDecoderCa::tick() {
  if (rests_ && !wake()) return;
  last_tick_ = sc_time_stamp();
  model_.outputs(out_);
  drive_memory();
  drive_software();
  in_.tready = !sending_ && sent_at_ <= sc_time_stamp();
  if (model_.starts()) begin_values();
  if (out_.arvalid && in_.arready) take_burst();
  if (out_.tvalid && in_.tready) take_values();
  model_.edge(in_);
  irq.write(model_.registers().irq());
  rests_ = model_.quiet() && access_.answered;
  if (rests_) {
    next_trigger(wake_);
  } else {
    next_trigger(parameters_.clock);
  }
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// Memory

void TlmDecoderCa::drive_memory() {
  in_.arready = std::any_of(fetchers_.begin(), fetchers_.end(),
                            [](const auto& fetcher) { return fetcher->flight == nullptr; });
  in_.rvalid =
      !flights_.empty() && flights_.front().is_there && flights_.front().at < sc_time_stamp();
  if (!in_.rvalid) return;
  Flight& flight = flights_.front();
  const std::size_t beat_bytes = parameters_.axi.beat_bytes();
  const std::uint8_t* beat = &flight.bytes[flight.sent * beat_bytes];
  for (std::size_t i = 0; i < in_.rdata.size(); ++i) {
    in_.rdata[i] = beat[4 * i] | std::uint32_t{beat[4 * i + 1]} << 8 |
                   std::uint32_t{beat[4 * i + 2]} << 16 | std::uint32_t{beat[4 * i + 3]} << 24;
  }
  in_.rresp = flight.fails[flight.sent] ? 2 : 0;  // SLVERR
  in_.rlast = ++flight.sent == flight.fails.size();
  if (in_.rlast) flights_.pop_front();
}

void TlmDecoderCa::take_burst() {
  const std::size_t n_beats = out_.arlen + 1u;
  Flight& flight = flights_.emplace_back();
  flight.address = out_.araddr;
  flight.bytes.resize(n_beats * parameters_.axi.beat_bytes());
  flight.fails.resize(n_beats);
  const auto free = std::find_if(fetchers_.begin(), fetchers_.end(),
                                 [](const auto& f) { return f->flight == nullptr; });
  (*free)->flight = &flight;
  (*free)->go.notify(sc_core::SC_ZERO_TIME);
}

void TlmDecoderCa::fetch(std::size_t fetcher) {
  Fetcher& self = *fetchers_[fetcher];
  while (true) {
    wait(self.go);
    Flight& flight = *self.flight;
    sc_time delay;
    if (!read_memory(flight.address, flight.bytes, delay)) {
      // Which of its beats it was, each answers for itself.
      const std::size_t n = parameters_.axi.beat_bytes();
      for (std::size_t beat = 0; beat < flight.fails.size(); ++beat) {
        sc_time again = delay;
        flight.fails[beat] = !read_memory(flight.address + beat * n,
                                          std::span(flight.bytes).subspan(beat * n, n), again);
      }
    }
    flight.at = sc_time_stamp() + delay;
    flight.is_there = true;
    self.flight = nullptr;
  }
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// Values

void TlmDecoderCa::take_values() {
  beat_.clear();
  for (std::size_t i = 0; i < out_.values.size(); ++i) {
    if (out_.keep[i] != 0) beat_.push_back(out_.values[i]);
  }
  beat_last_ = out_.tlast;
  sending_ = true;
  send_.notify(sc_core::SC_ZERO_TIME);
}

void TlmDecoderCa::send_values() {
  while (true) {
    wait(send_);
    sc_time delay;
    write_values(beat_, beat_last_, delay);
    sent_at_ = sc_time_stamp() + delay;
    sending_ = false;
  }
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// Software

void TlmDecoderCa::drive_software() {
  const bool waits = !access_.answered;
  in_.lite_awvalid = waits && access_.write && access_.address_open;
  in_.lite_arvalid = waits && !access_.write && access_.address_open;
  in_.lite_wvalid = waits && access_.write && access_.data_open;
  in_.lite_bready = waits && access_.write;
  in_.lite_rready = waits && !access_.write;
  in_.lite_awaddr = in_.lite_araddr = access_.address;
  in_.lite_wdata = access_.word;
  in_.lite_wstrb = access_.strobe;
  if ((in_.lite_awvalid && out_.lite_awready) || (in_.lite_arvalid && out_.lite_arready)) {
    access_.address_open = false;
  }
  if (in_.lite_wvalid && out_.lite_wready) access_.data_open = false;
  const bool read = in_.lite_rready && out_.lite_rvalid;
  if (read) access_.word = out_.lite_rdata;
  if (!read && !(in_.lite_bready && out_.lite_bvalid)) return;
  access_.answered = true;
  access_.done.notify(sc_core::SC_ZERO_TIME);
}

void TlmDecoderCa::access(sc_time& delay, bool write, std::uint32_t address) {
  access_.write = write;
  access_.address = static_cast<std::uint8_t>(address);
  access_.address_open = access_.data_open = true;
  access_.answered = false;
  wake_.notify(sc_core::SC_ZERO_TIME);
  wait(access_.done);
  delay = sc_core::SC_ZERO_TIME;
}

std::uint32_t TlmDecoderCa::read_register(std::uint32_t address, sc_time& delay) {
  software_.lock();
  wait(delay);
  access(delay, false, address);
  const std::uint32_t word = access_.word;
  software_.unlock();
  return word;
}

void TlmDecoderCa::write_register(std::uint32_t address, std::uint32_t word, std::uint32_t mask,
                                  sc_time& delay) {
  software_.lock();
  wait(delay);
  access_.word = word;
  access_.strobe = 0;
  for (unsigned byte = 0; byte < 4; ++byte) {
    if ((mask >> 8 * byte & 0xff) != 0) access_.strobe |= static_cast<std::uint8_t>(1u << byte);
  }
  access(delay, true, address);
  software_.unlock();
}

}  // namespace transom::systemc
