// encode_best.cpp — any values with any options: lossless, and never more than raw values take.
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.hpp"
#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"

using namespace transom;

namespace {

PlanOptions take_options(fuzz::Input& in) {
  PlanOptions options;
  options.coding = static_cast<Coding>(in.below(9));  // 8 is none
  const unsigned given = in.byte();                   // mostly all that makes a plan a quick one
  if ((given & 3) != 0) options.table_log = in.below(20);
  if ((given & 12) != 0) options.rows = in.below(20);
  options.spread = static_cast<Spread>(in.below(kSpreads));
  options.search = static_cast<Search>(in.below(kSearches));
  options.n_streams = (given & 16) != 0 ? in.u16() : 1 + in.below(8);
  options.chunk = (given & 32) != 0 ? in.u32() : 1 + in.below(8);
  return options;
}

Tensor take_tensor(fuzz::Input& in) {
  Tensor tensor{"input", {}, {}, {}};
  const unsigned type = in.below(kMaxValueBits + kFloatTypes.size());
  const bool is_signed = in.flag();
  tensor.dtype = type < kMaxValueBits ? DType{static_cast<std::uint8_t>(1 + type), is_signed}
                                      : float_dtype(type - kMaxValueBits);
  const bool wild = in.below(16) == 0;  // values that do not fit, a shape that is not theirs
  const std::uint32_t columns = 1 + in.below(5);
  while (!in.rest().empty()) {
    const unsigned value = tensor.dtype.bits > 8 ? in.u16() : in.byte();
    tensor.values.push_back(
        static_cast<value_t>(wild ? value : value & ((1u << tensor.dtype.bits) - 1)));
  }
  const auto n = static_cast<std::uint32_t>(tensor.values.size());
  if (n % columns == 0 || wild) {
    tensor.shape = {n / columns, columns};
  } else {
    tensor.shape = {n};
  }
  return tensor;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  PlanOptions options = take_options(in);
  const Tensor tensor = take_tensor(in);
  if (tensor.dtype.bits > 10) {  // the whole search of wide values takes a sanitised build a minute
    options.table_log = options.table_log.value_or(10);
    options.rows = options.rows.value_or(4);
  }
  try {
    const CodedTensor coded = encode_best(tensor, options);
    const CodedTensor raw =
        encode(tensor, raw_code(tensor.dtype), options.n_streams, options.chunk);
    fuzz::claim(record_bytes(coded).total() <= record_bytes(raw).total(),
                "never more than raw values");
    const Parsed parsed = parse_container(write_container({&coded, 1}));
    if (parsed.status != Status::kOk) std::fprintf(stderr, "%s\n", parsed.what.c_str());
    fuzz::claim(parsed.status == Status::kOk && parsed.tensors.size() == 1 &&
                    parsed.tensors.front() == coded,
                "a container holds what was put in");
    const Decoded decoded = decode(parsed.tensors.front());
    fuzz::claim(decoded.status == Status::kOk && decoded.values == tensor.values, "lossless");
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
