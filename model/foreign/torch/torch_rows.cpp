// torch_rows.cpp — rows of torch_ans' stream tensor.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/torch/torch_rows.hpp"

#include <utility>

#include "transom/foreign/rans_bytes.hpp"

namespace transom::foreign {

Bytes start_torch_row(const TorchVariant& variant, std::size_t n_states) {
  require_range("start_torch_row", "n_states", n_states, 1, std::size_t{1} << 16);
  return with_torch_geometry(variant, [&]<class Geometry>(Geometry) {
    return to_bytes(RansStack<Geometry>(n_states), WordOrder::kAsWritten);
  });
}

RowBytes push_torch_row(const TorchVariant& variant, const TorchTables& tables,
                        std::span<const std::uint8_t> row, std::span<const std::uint32_t> indexes,
                        std::span<const std::int32_t> symbols) {
  return with_torch_geometry(variant, [&]<class Geometry>(Geometry) -> RowBytes {
    auto [status, stack] = read_stack<Geometry>(row, variant.n_states, WordOrder::kAsWritten);
    if (status != Status::kOk) return {status, {row.begin(), row.end()}};
    torch_push(stack, tables, indexes, symbols);
    return {Status::kOk, to_bytes(stack, WordOrder::kAsWritten)};
  });
}

TorchPoppedRow pop_torch_row(const TorchVariant& variant, const TorchTables& tables,
                             std::span<const std::uint8_t> row,
                             std::span<const std::uint32_t> indexes) {
  return with_torch_geometry(variant, [&]<class Geometry>(Geometry) -> TorchPoppedRow {
    auto [status, stack] = read_stack<Geometry>(row, variant.n_states, WordOrder::kAsWritten);
    if (status != Status::kOk) return {status, {}, status, {row.begin(), row.end()}};
    auto [popped, symbols] = torch_pop(stack, tables, indexes);
    return {popped, std::move(symbols), stack.status(), to_bytes(stack, WordOrder::kAsWritten)};
  });
}

}  // namespace transom::foreign
