// test_wide_container.cpp — version 2 of FORMAT.md to the byte, and everything that a foreign file
// may try.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "support.hpp"
#include "transom/base/crc32.hpp"
#include "transom/container/container.hpp"
#include "transom/container/interleave.hpp"
#include "wide/container_support.hpp"

namespace transom {
namespace {

using namespace container_support;

/// Tensors of mixed widths and streams, coded and raw.
std::vector<CodedTensor> small_tensors(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<CodedTensor> tensors;
  for (const unsigned bits : {4u, 8u, 16u, 3u, 11u}) {
    const DType dtype{static_cast<std::uint8_t>(bits), seed % 2 == 0};
    const bool raw = (seed + tensors.size()) % 3 == 0;
    const Coding coding = tensors.size() % 2 == 0 ? Coding::kApackNrans : Coding::kApackTans;
    const Code code = raw ? raw_code(dtype) : support::random_wide_code(coding, dtype, random);
    Tensor tensor = support::random_tensor(dtype, {3, 1 + seed % 9}, random);
    tensor.name = std::string(tensors.size(), 'n');
    tensors.push_back(encode(tensor, code, raw ? 1 : 1 + seed % 4, 1));
  }
  return tensors;
}

void put_crc(Bytes& bytes, std::size_t at, std::size_t from, std::size_t to) {
  const std::uint32_t crc = crc32c(std::span(bytes).subspan(from, to - from));
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(crc >> 8 * i);
}
std::size_t word_at(const Bytes& bytes, std::size_t at) {
  std::size_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word |= std::size_t{bytes[at + i]} << 8 * i;
  return word;
}

/// Makes header, first record and index believable again, where they are in the file.
void forge_checksums(Bytes& bytes) {
  constexpr std::size_t kHead = kWideContainerHeaderBytes;
  if (bytes.size() < kHead) return;
  put_crc(bytes, kHead - 4, 0, kHead - 4);
  const std::size_t index = kHead + 4 * word_at(bytes, 12), end = index + word_at(bytes, 16);
  if (end > bytes.size() || end < index + 24) return;
  const Parsed whole = parse_container(bytes);  // tells which record is wrong by now
  if (whole.what.find("tensor 0") != std::string::npos) {
    const auto words = std::min<std::size_t>(word_at(bytes, 12), kWideHeaderWords);
    std::vector<std::uint32_t> first;
    for (std::size_t i = 0; i < words; ++i)
      first.push_back(static_cast<std::uint32_t>(word_at(bytes, kHead + 4 * i)));
    first.resize(kWideHeaderWords);
    const std::uint64_t n = to_wide_header(std::span(first).first<kWideHeaderWords>()).n_words();
    if (n <= word_at(bytes, 12)) put_crc(bytes, index + 4, kHead, kHead + 4 * n);
  }
  put_crc(bytes, end - 4, index, end - 4);
}

}  // namespace

TEST_CASE("container 2: the bytes of a small file are those of FORMAT.md", "[unit][golden]") {
  // values 5 6 7 5, 4 bits; rows [0,5) [5,7) [7,16), freq 0 3 1; two streams
  const Code code{Coding::kApackNrans,
                  2,
                  Spread::kTuned,
                  {0, 3, 1},
                  make_rows(std::vector<value_t>{0, 5, 7}, 4)};
  const CodedTensor coded = encode(Tensor{"abc", {4, true}, {2, 2}, {5, 6, 7, 5}}, code, 2, 1);
  const Bytes bytes = write_wide_container(std::vector{coded});
  const Bytes head{0x03, 0x54, 0x53, 0x4d, 2, 0, 0, 0, 1, 0, 0, 0};
  REQUIRE(std::equal(head.begin(), head.end(), bytes.begin()));
  const std::size_t words = word_at(bytes, 12);
  CHECK(word_at(bytes, 16) == 16 + 8 + 4 + 4);  // an entry and the checksum
  CHECK(word_at(bytes, 20) == 2);
  for (std::size_t at = 24; at < 60; ++at) CHECK(bytes[at] == 0);
  CHECK(word_at(bytes, 60) == crc32c(std::span(bytes).first(60)));
  // R 2, coding 7, streams 2, W 4, rows 3; counts 0 0 3 4; smallest values 0 5 7 0
  const Bytes record{0x72, 1, 3 | 2 << 4, 0, 4, 0, 0, 0};
  CHECK(std::equal(record.begin(), record.end(), bytes.begin() + 64));
  const Bytes table{0, 0, 0, 0, 3, 0, 4, 0, 0, 5, 7, 0};
  CHECK(std::equal(table.begin(), table.end(), bytes.begin() + 64 + 12));
  // Kmax 2, Omax 4 (of a row without a count, too): 6 and 8 bits, a pass of both. 2 states, 2 x 2
  // halfwords; m = 2: no more.
  CHECK(word_at(bytes, 64 + 8) == 6);
  CHECK(words == 3 + 3 + 3);
  const std::uint32_t state = coded.streams[0].symbols[0] & 0xf;
  CHECK((word_at(bytes, 64 + 24) & 0xffff) == state << 12);
  const std::size_t index = 64 + 4 * words;
  CHECK(word_at(bytes, index) == 0);
  CHECK(word_at(bytes, index + 4) == crc32c(std::span(bytes).subspan(64, 4 * words)));
  CHECK(word_at(bytes, index + 8) == coded.checksum);
  const Bytes entry{4 | 0x20, 2, 3, 0, 2, 0, 0, 0, 2, 0, 0, 0, 'a', 'b', 'c', 0};
  CHECK(std::equal(entry.begin(), entry.end(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(index) + 12));
  CHECK(bytes.size() == index + 32);
}

TEST_CASE("container 2: what is written is read, and written as it was", "[unit]") {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const auto tensors = small_tensors(seed);
    const Bytes bytes = write_wide_container(tensors);
    std::size_t counted = kWideContainerHeaderBytes + 4;
    for (const CodedTensor& t : tensors) counted += wide_record_bytes(t).total();
    REQUIRE(counted == bytes.size());
    const Parsed parsed = parse_container(bytes);
    REQUIRE(parsed.what.empty());
    REQUIRE(parsed.version == kWideContainerVersion);
    REQUIRE(parsed.tensors == tensors);
    REQUIRE(write_wide_container(parsed.tensors) == bytes);
  }
  CHECK(parse_container(write_wide_container({})).status == Status::kOk);
}

TEST_CASE("container 2: every prefix and every flipped bit of a file is an error", "[unit]") {
  const Bytes bytes = write_wide_container(small_tensors(4));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const Parsed parsed = parse_container(std::span(bytes).first(n));
    REQUIRE(parsed.status != Status::kOk);
    REQUIRE(parsed.what.find("byte ") == 0);
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE(parse_container(flipped).status != Status::kOk);
  }
}

TEST_CASE("container 2: mutations, half of them with forged checksums, never mislead", "[unit]") {
  std::mt19937 random(99);
  std::size_t n_refused = 0, n_through = 0;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const Bytes bytes = write_wide_container(small_tensors(seed));
    const auto right = decode_all(bytes);
    REQUIRE(right);
    for (int i = 0; i < 2000; ++i) {
      Bytes mutant = bytes;
      for (std::size_t n = 1 + random() % 3; n > 0; --n) {
        const std::size_t at = random() % (i % 3 == 0 ? 96 : mutant.size());
        mutant[at] = static_cast<std::uint8_t>(random() % 4 == 0 ? random()
                                                                 : mutant[at] ^ 1u << random() % 8);
      }
      if (random() % 8 == 0) mutant.resize(random() % mutant.size());
      const bool forged = i % 2 == 0;
      if (forged) forge_checksums(mutant);
      const auto values = decode_all(mutant);
      n_refused += !values;
      if (!values || values == right) continue;
      REQUIRE(forged);
      ++n_through;
    }
  }
  WARN(n_refused << " refused, " << n_through << " forged into another valid file");
  CHECK(n_refused > 19'000);
}

TEST_CASE("container 2: a forged count of free values cannot make a reader allocate", "[unit]") {
  const Code code{
      Coding::kApackNrans, 0, Spread::kTuned, {1, 0}, make_rows(std::vector<value_t>{0, 1}, 8)};
  const Tensor tensor{"zeros", {8, false}, {1'000'000}, std::vector<value_t>(1'000'000)};
  const Bytes honest = write_wide_container(std::vector{encode(tensor, code, 1, 1)});
  CHECK(honest.size() <= 400);
  CHECK(decode_all(honest).has_value());
  Bytes forged = honest;
  const std::size_t index = 64 + 4 * word_at(honest, 12);
  for (const std::size_t at : {std::size_t{64 + 4}, index + 16}) {  // values; the shape
    for (std::size_t i = 0; i < 4; ++i) forged[at + i] = 0xff;
  }
  forge_checksums(forged);
  forge_checksums(forged);
  CHECK_THAT(parse_container(forged).what, Catch::Contains("padding: needs"));
}

TEST_CASE("container 2: errors name the tensor, the field and what is wrong with it", "[unit]") {
  const Bytes bytes = write_wide_container(small_tensors(1));
  const std::size_t index = 64 + 4 * word_at(bytes, 12);
  const auto what = [&](std::size_t at, std::uint8_t value, bool forge = true) {
    Bytes mutant = bytes;
    mutant[at] = value;
    if (forge) forge_checksums(mutant);
    return parse_container(mutant).what;
  };
  CHECK_THAT(what(8, 9, false), Catch::Contains("header checksum: the header was changed"));
  CHECK_THAT(what(index + 9, 9, false), Catch::Contains("index checksum: the index was changed"));
  CHECK_THAT(what(80, 99, false), Catch::Contains("tensor 0 '': record: it was changed"));
  CHECK_THAT(what(24, 9), Catch::Contains("reserved: must be zero"));
  CHECK_THAT(what(20, 129), Catch::Contains("lanes: 129 is not 1..128"));
  CHECK_THAT(what(20, 77), Catch::Contains("lanes: 77, but tensors have up to 2"));
  CHECK_THAT(what(8, 3), Catch::Contains("bytes follow the last tensor"));
  CHECK_THAT(what(8, 6), Catch::Contains("tensor 5: first word: needs"));
  CHECK_THAT(what(index, 1),
             Catch::Contains("first word: 1 is not where the record before it ends"));
  CHECK_THAT(what(index + 12, 0), Catch::Contains("value bits"));
  CHECK_THAT(what(index + 13, 9), Catch::Contains("dimensions: 9 is over 8"));
  CHECK_THAT(what(64 + 3, 2), Catch::Contains("record: bits 25..31 must be zero"));
  CHECK_THAT(what(64 + 4, 5), Catch::Contains("record: its values are not those of the shape"));
  std::vector<CodedTensor> tensors = small_tensors(1);
  tensors[0].name = "\x1b[2J";
  CHECK_THROWS_WITH(write_wide_container(tensors), Catch::Contains("printable UTF-8"));
  tensors[0] = encode(Tensor{"t", {8, false}, {4}, {1, 2, 3, 4}},
                      one_row_code(Coding::kTans, {8, false}), 1, 1);
  CHECK_THROWS_WITH(write_wide_container(tensors), Catch::Contains("must be raw, apack-nrans"));
}

}  // namespace transom
