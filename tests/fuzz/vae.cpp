// vae.cpp — any bytes as a model of networks, of integers or of reals, their checksum put right
// where the first byte says so; and any message, popped and pushed by it.
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.hpp"
#include "transom/base/crc32.hpp"
#include "transom/vae/real/real_networks.hpp"

using namespace transom;

namespace {

template <class M>
void try_model(const vae::ReadModelOf<M>& read, std::span<const std::uint8_t> bytes,
               std::uint32_t seed) {
  fuzz::claim(read.model.has_value() == (read.status == Status::kOk), "a model, or a reason");
  if (!read.model) {
    fuzz::claim(!read.what.empty(), "a refusal says why");
    return;
  }
  const auto again = vae::write_model(read.model->parameters());
  fuzz::claim(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()),
              "what is read is written as it was");
  const auto random = [&] { return seed = seed * 1664525 + 1013904223; };
  auto m = stack::random_message(1, 200, random);
  const auto before = m;
  vae::CoderOf coder(*read.model);
  std::vector<std::uint8_t> image(read.model->pixels());
  try {
    coder.pop(m, image);
  } catch (const stack::UnderflowError&) {
    return;
  } catch (const stack::SlotError&) {  // a bin that has no slots in floating point
    return;
  }
  coder.push(m, image);
  fuzz::claim(m == before, "a push undoes its pop");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  const bool mend = in.flag();
  const std::uint32_t seed = in.byte();
  std::vector<std::uint8_t> bytes(in.rest().begin(), in.rest().end());
  if (mend && bytes.size() >= 4) {
    const std::uint32_t crc = crc32c(std::span(bytes).first(bytes.size() - 4));
    for (std::size_t i = 0; i < 4; ++i)
      bytes[bytes.size() - 4 + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  }
  if (vae::is_real_model(bytes)) {
    try_model(vae::read_real_model(bytes), bytes, seed);
  } else {
    try_model(vae::read_model(bytes), bytes, seed);
  }
  return 0;
}
