// test_container_reader.cpp — what is read record by record, and what is read at once.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/container_reader.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support.hpp"
#include "transom/container/container.hpp"

namespace transom {

using Bytes = std::vector<std::uint8_t>;

TEST_CASE("container: record by record it has the tensors and the verdicts that all of it has",
          "[unit]") {
  std::size_t n_pieces = 0, n_damaged = 0;
  const auto check = [&](const Bytes& bytes, std::uint64_t most) {
    std::size_t at = 0;
    const auto fetch = [&](std::uint64_t n, Bytes& to) {
      to.insert(to.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(at + n));
      at += n;
    };
    ContainerReader reader(bytes.size(), fetch, most);
    const Parsed parsed = parse_container(bytes);
    std::size_t number = 0;
    while (CodedTensor* tensor = reader.next()) {
      const bool ok = parsed.status == Status::kOk;
      if (ok && !reader.in_pieces()) REQUIRE(*tensor == parsed.tensors[number]);
      std::vector<value_t> values;
      while (reader.in_pieces()) {
        const auto piece = reader.next_piece();
        if (!piece) break;
        std::vector<value_t> of_piece(piece->layout().n_values);
        REQUIRE(decode_part(*piece, std::span(of_piece)).status == Status::kOk);
        values.insert(values.end(), of_piece.begin(), of_piece.end());
        ++n_pieces;
      }
      if (ok && reader.in_pieces()) REQUIRE(values == decode(parsed.tensors[number]).values);
      ++number;
    }
    REQUIRE(reader.status() == parsed.status);
    REQUIRE(reader.what() == parsed.what);
    if (parsed.status == Status::kOk) REQUIRE(number == parsed.tensors.size());
    n_damaged += parsed.status != Status::kOk;
  };
  std::mt19937 random(1);
  for (const Codec& c : codecs()) {
    const DType dtype{static_cast<std::uint8_t>(c.coding == Coding::kRans ? 16 : 5), true};
    const Code code = support::random_code(c.coding, dtype, random);
    std::vector<CodedTensor> tensors;
    for (const std::uint32_t chunk : {50u, 7u, 200u}) {  // of 333 values in 7 streams
      const Tensor tensor = support::random_tensor(dtype, {3, 111}, random);
      tensors.push_back(encode(tensor, code, 7, chunk));
    }
    const Bytes good = write_container(tensors);
    for (const std::uint64_t most : {32u, 110u, 333u}) check(good, most);
    for (std::size_t i = 0; i < good.size(); i += 13) {
      check({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i)}, 64);
    }
    for (std::size_t i = 0; i < 200; ++i) {  // of the heads, whose checksums tell
      Bytes bytes = good;
      bytes[random() % 200] ^= static_cast<std::uint8_t>(1u << random() % 8);
      if (parse_container(bytes).status != Status::kOk) check(bytes, 64);
    }
  }
  CHECK(n_pieces > 200);
  CHECK(n_damaged > 1000);
}

}  // namespace transom
