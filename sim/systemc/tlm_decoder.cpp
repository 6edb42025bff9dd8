// tlm_decoder.cpp — decoder_axi for a virtual platform: payloads to register words and back.
// SPDX-License-Identifier: Apache-2.0
#include "transom/systemc/tlm_decoder.hpp"

#include <cstring>
#include <string>

namespace transom::systemc {
namespace {

constexpr unsigned kWordBytes = 4;

/// Words that are there, whole and in place.
tlm::tlm_response_status check(const tlm::tlm_generic_payload& access) {
  const unsigned n_bytes = access.get_data_length();
  if (access.get_address() >= system::kAxiRegisterBytes ||
      n_bytes > system::kAxiRegisterBytes - access.get_address()) {
    return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  if (n_bytes % kWordBytes != 0 || access.get_address() % kWordBytes != 0 ||
      access.get_streaming_width() < n_bytes) {
    return tlm::TLM_BURST_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

/// Bits of the word at byte `at` that an access enables.
std::uint32_t mask_of(const tlm::tlm_generic_payload& access, unsigned at) {
  const unsigned char* enables = access.get_byte_enable_ptr();
  if (enables == nullptr) return ~std::uint32_t{0};
  std::uint32_t mask = 0;
  for (unsigned i = 0; i < kWordBytes; ++i) {
    const unsigned char enable = enables[(at + i) % access.get_byte_enable_length()];
    mask |= std::uint32_t{enable} << 8 * i;  // 0 or 0xff
  }
  return mask;
}

}  // namespace

TlmDecoder::TlmDecoder(const sc_core::sc_module_name& name, const TlmParameters& parameters)
    : sc_module(name), parameters_(parameters) {
  system::check_parameters(parameters.axi);
  registers.register_b_transport(this, &TlmDecoder::b_transport);
  registers.register_transport_dbg(this, &TlmDecoder::transport_dbg);
  memory.register_invalidate_direct_mem_ptr(this, &TlmDecoder::invalidate_dmi);
}

void TlmDecoder::b_transport(tlm::tlm_generic_payload& access, sc_core::sc_time& delay) {
  access.set_dmi_allowed(false);
  const tlm::tlm_response_status status = check(access);
  access.set_response_status(status);
  if (status != tlm::TLM_OK_RESPONSE) return;
  for (unsigned at = 0; at < access.get_data_length(); at += kWordBytes) {
    const auto address = static_cast<std::uint32_t>(access.get_address()) + at;
    const std::uint32_t mask = mask_of(access, at);
    std::uint32_t word;
    std::memcpy(&word, access.get_data_ptr() + at, kWordBytes);
    if (access.is_write()) {
      write_register(address, word, mask, delay);
    } else if (access.is_read()) {
      word = (word & ~mask) | (read_register(address, delay) & mask);
      std::memcpy(access.get_data_ptr() + at, &word, kWordBytes);
    }
  }
}

unsigned TlmDecoder::transport_dbg(tlm::tlm_generic_payload& access) {
  if (check(access) != tlm::TLM_OK_RESPONSE || !access.is_read()) return 0;
  for (unsigned at = 0; at < access.get_data_length(); at += kWordBytes) {
    const std::uint32_t word = peek_register(static_cast<std::uint32_t>(access.get_address()) + at);
    std::memcpy(access.get_data_ptr() + at, &word, kWordBytes);
  }
  return access.get_data_length();
}

bool TlmDecoder::read_memory(std::uint64_t address, std::span<std::uint8_t> bytes,
                             sc_core::sc_time& delay, bool* dmi_allowed) {
  tlm::tlm_generic_payload burst;
  burst.set_read();
  burst.set_address(address);
  burst.set_data_ptr(bytes.data());
  burst.set_data_length(static_cast<unsigned>(bytes.size()));
  burst.set_streaming_width(static_cast<unsigned>(bytes.size()));
  burst.set_byte_enable_ptr(nullptr);
  burst.set_dmi_allowed(false);
  burst.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  memory->b_transport(burst, delay);
  if (dmi_allowed != nullptr) *dmi_allowed = burst.is_dmi_allowed();
  return burst.is_response_ok();
}

void TlmDecoder::write_values(std::span<const value_t> some, bool last, sc_core::sc_time& delay) {
  TensorEnd end;
  end.last = last;
  value_t nothing = 0;
  const bool any = !some.empty();
  const auto n_bytes = static_cast<unsigned>(any ? some.size_bytes() : sizeof nothing);
  tlm::tlm_generic_payload write;
  write.set_command(any ? tlm::TLM_WRITE_COMMAND : tlm::TLM_IGNORE_COMMAND);
  write.set_address(parameters_.values_address + n_values_ * sizeof(value_t));
  // The payload is the target's to read only: a write.
  value_t* const data = any ? const_cast<value_t*>(some.data()) : &nothing;
  write.set_data_ptr(reinterpret_cast<unsigned char*>(data));
  write.set_data_length(n_bytes);
  write.set_streaming_width(n_bytes);
  write.set_byte_enable_ptr(nullptr);
  write.set_dmi_allowed(false);
  write.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  write.set_extension(&end);
  values->b_transport(write, delay);
  write.clear_extension(&end);
  n_values_ += some.size();
  if (any && !write.is_response_ok()) {
    const std::string what = std::to_string(some.size()) + " values to address " +
                             std::to_string(write.get_address()) + ": " +
                             write.get_response_string();
    SC_REPORT_ERROR("/transom/decoder_axi", what.c_str());
  }
}

}  // namespace transom::systemc
