// model.cpp — somebody else's program: encodes a tensor and decodes it, with transom::model alone.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "tensor.hpp"
#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"
#include "transom/version.hpp"

int main() {
  const transom::Tensor tensor = make_tensor();
  const transom::CodedTensor coded = transom::encode_best(tensor, {});
  const auto bytes = transom::write_container({&coded, 1});
  const transom::Parsed parsed = transom::parse_container(bytes);
  if (parsed.status != transom::Status::kOk) return 1;
  const transom::Decoded decoded = transom::decode(parsed.tensors.at(0));
  std::printf("transom %s: %zu values in %zu bytes\n", transom::kVersion, tensor.values.size(),
              bytes.size());
  return decoded.status == transom::Status::kOk && decoded.values == tensor.values ? 0 : 1;
}
