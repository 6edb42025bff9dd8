// test_container.cpp — FORMAT.md to the byte, and everything that a foreign file may try.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/container.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "support.hpp"
#include "transom/base/crc32.hpp"
#include "transom/container/table_code.hpp"
#include "wide/container_support.hpp"

namespace {
std::size_t largest_allocation = 0;  // since it was last set to 0
}

// Not inlined: GCC would see malloc's and new's pointers mixed, which is the point here.
[[gnu::noinline]] void* operator new(std::size_t size) {
  largest_allocation = std::max(largest_allocation, size);
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace transom {
namespace {

using namespace container_support;

/// One tensor of each coding, of mixed widths, streams and chunks; the seed says which is the
/// first.
std::vector<CodedTensor> small_tensors(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<CodedTensor> tensors;
  for (const Codec& c : codecs()) {
    const unsigned widths[] = {4, 8, 16};
    const DType dtype{static_cast<std::uint8_t>(widths[tensors.size() % 3]), seed % 2 == 0};
    Code code = support::random_code(c.coding, dtype, random);
    Tensor tensor = support::random_tensor(dtype, {3, 1 + seed % 9}, random);
    tensor.name = std::string(tensors.size(), 'n');
    tensors.push_back(encode(tensor, code, 1 + seed % 3, 1 + seed % 2));
  }
  std::rotate(tensors.begin(), tensors.begin() + seed % tensors.size(), tensors.end());
  return tensors;
}

/// Makes the header of the first tensor's record believable again.
void forge_checksums(Bytes& bytes, const CodedTensor& first) {
  const RecordBytes size = record_bytes(first);
  const std::size_t end =
      kContainerHeaderBytes + size.header - 4 + size.name + size.table + size.streams;
  const auto put = [&](std::size_t at, std::size_t from) {
    if (at + 4 > bytes.size()) return;
    const std::uint32_t crc = crc32c(std::span(bytes).subspan(from, at - from));
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  };
  put(12, 0);
  put(end, kContainerHeaderBytes);
}

}  // namespace

TEST_CASE("container: the bytes of a small file are those of FORMAT.md", "[unit][golden]") {
  // values 5 6 7 5, 4 bits; rows [0,5) [5,7) [7,16), freq 0 3 1
  const Code code{
      Coding::kApackTans, 2, Spread::kStep, {0, 3, 1}, make_rows(std::vector<value_t>{0, 5, 7}, 4)};
  const Tensor tensor{"abc", {4, true}, {2, 2}, {5, 6, 7, 5}};
  const Bytes bytes = write_container(std::vector{encode(tensor, code, 1, 1)});
  const Bytes head{0x03, 0x54, 0x53, 0x4d, 1, 0, 0, 0, 1, 0, 0, 0};
  REQUIRE(std::equal(head.begin(), head.end(), bytes.begin()));
  const Bytes fixed{3, 4 | 0x20, 2, 2, 3, 0, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0};
  REQUIRE(std::equal(fixed.begin(), fixed.end(), bytes.begin() + 16));
  const Bytes payload_words{2, 0, 0, 0};
  CHECK(std::equal(payload_words.begin(), payload_words.end(), bytes.begin() + 36));
  const Bytes shape_and_name{2, 0, 0, 0, 2, 0, 0, 0, 'a', 'b', 'c', 0};
  CHECK(std::equal(shape_and_name.begin(), shape_and_name.end(), bytes.begin() + 40));
  // table: 3 rows (2 in 8 bits), sizes 5 and 2 less 1 by exp-Golomb of order 0 and 2, freq 0 and 3
  // of order 0: 00000010 | 4: 001 01 | 1: 1 01 | 0: 1 | 3: 001 00, first bit first
  BitWriter expected;
  expected.append(2, 8);
  for (const auto& [value, nbits] :
       std::vector<Field>{{0, 2}, {1, 1}, {1, 2}, {1, 1}, {1, 2}, {1, 1}, {0, 2}, {1, 1}, {0, 2}}) {
    expected.append(value, nbits);
  }
  const auto words = expected.take();
  REQUIRE(words.size() == 1);
  for (std::size_t i = 0; i < 4; ++i) CHECK(bytes[52 + i] == (words[0] >> 8 * i & 0xff));
  const Bytes directory{1, 0, 0, 0, 1, 0, 0, 0};
  CHECK(std::equal(directory.begin(), directory.end(), bytes.begin() + 56));
  CHECK(bytes.size() == 16 + 24 + 8 + 4 + 4 + 8 + 4 + 8);
}

TEST_CASE("container: the frequencies of pairs are those of FORMAT.md", "[unit][golden]") {
  // values 5 6 7, 4 bits; rows [0,5) [5,16): symbols 1 1 1; freq of 00 01 10 11: 1 0 2 5
  const Code code{Coding::kApackTansPair,
                  3,
                  Spread::kStep,
                  {1, 0, 2, 5},
                  make_rows(std::vector<value_t>{0, 5}, 4)};
  const CodedTensor coded = encode(Tensor{"", {4, false}, {3}, {5, 6, 7}}, code, 1, 1);
  const Bytes bytes = write_container(std::vector{coded});
  const Bytes fixed{6, 4, 3, 1, 0, 0, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0};
  REQUIRE(std::equal(fixed.begin(), fixed.end(), bytes.begin() + 16));
  // 2 rows (1 in 8 bits), size 5 less 1 of order 0, 1 0 2 of orders 0 0 0: 001 01 | 01 0 | 1 | 01 1
  BitWriter expected;
  expected.append(1, 8);
  for (const auto& [value, nbits] : std::vector<Field>{
           {0, 2}, {1, 1}, {1, 2}, {0, 1}, {1, 1}, {0, 1}, {1, 1}, {0, 1}, {1, 1}, {1, 1}}) {
    expected.append(value, nbits);
  }
  REQUIRE(table_bits(code, coded.dtype) == expected.n_bits());
  const auto words = expected.take();
  for (std::size_t i = 0; i < 3; ++i) CHECK(bytes[16 + 28 + i] == (words[0] >> 8 * i & 0xff));
  CHECK(decode_all(bytes) == std::vector<std::vector<value_t>>{{5, 6, 7}});
}

TEST_CASE("container: rows beyond the coding's are refused before room is made for their pairs",
          "[unit]") {
  std::vector<value_t> starts(16);
  std::iota(starts.begin(), starts.end(), value_t{0});
  const Code code{Coding::kApackTansPair, 8, Spread::kStep, std::vector<std::uint32_t>(256, 1),
                  make_rows(starts, 16)};
  const CodedTensor coded = encode(Tensor{"", {16, false}, {1}, {1}}, code, 1, 1);
  Bytes bytes = write_container(std::vector{coded});
  REQUIRE(bytes[16 + 28] == 15);
  for (const auto n_rows : {std::uint8_t{16}, std::uint8_t{255}}) {
    bytes[16 + 28] = n_rows;
    forge_checksums(bytes, coded);
    largest_allocation = 0;
    CHECK_THAT(parse_container(bytes).what, Catch::Contains("more rows than the coding takes"));
    CHECK(largest_allocation < 4096);
  }
}

TEST_CASE("container: parse(write(c)) == c, and the counted bytes are the file", "[unit]") {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const auto tensors = small_tensors(seed);
    const Bytes bytes = write_container(tensors);
    std::size_t counted = kContainerHeaderBytes;
    for (const CodedTensor& t : tensors) counted += record_bytes(t).total();
    REQUIRE(counted == bytes.size());
    const Parsed parsed = parse_container(bytes);
    REQUIRE(parsed.what == "");
    REQUIRE(parsed.status == Status::kOk);
    REQUIRE(parsed.tensors.size() == tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      // a spread that the coding does not use is not written
      CodedTensor expected = tensors[i];
      expected.code.spread = parsed.tensors[i].code.spread;
      REQUIRE(parsed.tensors[i] == expected);
    }
    REQUIRE(write_container(parsed.tensors) == bytes);

    Bytes parts = container_header(tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const Bytes record = container_record(tensors[i], i);
      REQUIRE(record.size() == record_bytes(tensors[i]).total());
      parts.insert(parts.end(), record.begin(), record.end());
    }
    REQUIRE(parts == bytes);
  }
}

TEST_CASE("container: no file, an empty container, a tensor of no values and a scalar", "[unit]") {
  CHECK(parse_container({}).status == Status::kTruncated);
  CHECK(parse_container(write_container({})).status == Status::kOk);
  for (const std::vector<std::uint32_t>& shape : {std::vector<std::uint32_t>{0, 5}, {}}) {
    Tensor tensor{"", {8, false}, shape, std::vector<value_t>(shape.empty() ? 1 : 0)};
    const Bytes bytes = write_container(std::vector{encode(tensor, raw_code({8, false}), 64, 1)});
    CHECK(decode_all(bytes) == std::vector<std::vector<value_t>>{tensor.values});
  }
}

TEST_CASE("container: raw values grow by no more than 64 bytes, whatever the streams", "[unit]") {
  std::mt19937 random(2);
  for (const unsigned bits : {4u, 8u, 16u}) {
    for (const std::uint32_t n : {1u, 7u, 999u}) {
      const DType dtype{static_cast<std::uint8_t>(bits), false};
      const Tensor tensor = support::random_tensor(dtype, {1, 1, 1, 1, 1, 1, 1, n}, random);
      const auto size = record_bytes(encode(tensor, raw_code(dtype), 64, 1)).coded();
      CHECK(size <= (n * bits + 7) / 8 + 64);
    }
  }
}

TEST_CASE("container: every prefix of a file is an error that says where", "[unit]") {
  const Bytes bytes = write_container(small_tensors(3));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const Bytes prefix(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    const Parsed parsed = parse_container(prefix);
    REQUIRE(parsed.status != Status::kOk);
    REQUIRE(parsed.what.find("byte ") == 0);
  }
}

TEST_CASE("container: every single-bit flip is an error or leaves the values right", "[unit]") {
  const auto tensors = small_tensors(4);
  const Bytes bytes = write_container(tensors);
  const auto right = decode_all(bytes);
  REQUIRE(right.has_value());
  std::size_t n_errors = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    const auto values = decode_all(flipped);
    REQUIRE((!values || values == right));
    n_errors += !values;
  }
  CHECK(n_errors == 8 * bytes.size());
}

TEST_CASE("container: 100,000 mutations, half of them with forged checksums, never mislead",
          "[unit]") {
  std::mt19937 random(99);
  std::size_t n_right = 0, n_refused = 0, n_forged_through = 0;
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const auto tensors = small_tensors(seed);
    const Bytes bytes = write_container(tensors);
    const auto right = decode_all(bytes);
    for (int i = 0; i < 5000; ++i) {
      Bytes mutant = bytes;
      for (std::size_t n = 1 + random() % 4; n > 0 && !mutant.empty(); --n) {
        const std::size_t at =
            random() % (i % 3 == 0 ? std::min<std::size_t>(mutant.size(), 100) : mutant.size());
        switch (random() % 5) {
          case 0:
            mutant[at] = static_cast<std::uint8_t>(random());
            break;
          case 1:
            mutant[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
            break;
          case 2:
            mutant[at] = random() % 2 ? 0xff : 0;
            break;
          case 3:
            mutant.resize(at);
            break;
          case 4:
            mutant.insert(mutant.begin() + static_cast<std::ptrdiff_t>(at), 4, 0);
            break;
        }
      }
      const bool forged = i % 2 == 0;
      if (forged) forge_checksums(mutant, tensors.front());
      largest_allocation = 0;
      const auto values = decode_all(mutant);
      // two bytes a value, 2^12 values a byte; besides, tables of a fixed size
      REQUIRE(largest_allocation <= 2 * kMaxValuesPerByte * mutant.size() + (1u << 17));
      if (!values) {
        ++n_refused;
      } else if (values == right) {
        ++n_right;
      } else {
        REQUIRE(forged);
        ++n_forged_through;  // another shape or type of the same bytes, under a checksum that holds
      }
    }
  }
  WARN(n_refused << " refused, " << n_right << " unharmed, " << n_forged_through
                 << " forged into another valid file");
  CHECK(n_refused > 90'000);
}

TEST_CASE("container: a forged count of free values cannot make a reader allocate", "[unit]") {
  const Code code{
      Coding::kApackTans, 0, Spread::kStep, {1, 0}, make_rows(std::vector<value_t>{0, 1}, 8)};
  Tensor tensor{"zeros", {8, false}, {1'000'000}, std::vector<value_t>(1'000'000)};
  CodedTensor coded = encode(tensor, code, 1, 1);
  const Bytes honest = write_container(std::vector{coded});
  CHECK(honest.size() <= 300);
  CHECK(decode_all(honest).has_value());
  Bytes dirty = honest;
  dirty.back() = 1;
  CHECK_THAT(parse_container(dirty).what, Catch::Contains("padding: must be zero"));
  coded.shape = {0xffff'ffff};
  Bytes forged = write_container(std::vector{coded});
  CHECK(forged.size() >= 0xffff'ffffu / kMaxValuesPerByte);
  forged.resize(honest.size());
  largest_allocation = 0;
  CHECK(parse_container(forged).status == Status::kTruncated);
  CHECK(largest_allocation < 4096);
}

TEST_CASE("container: errors name the tensor, the field and what is wrong with it", "[unit]") {
  const auto tensors = small_tensors(1);
  const Bytes bytes = write_container(tensors);
  const auto what = [&](std::size_t at, std::uint8_t value) {
    Bytes mutant = bytes;
    mutant[at] = value;
    return parse_container(mutant).what;
  };
  CHECK_THAT(what(0, 0), Catch::Contains("magic: this is not a .tsm file"));
  CHECK_THAT(what(4, 3), Catch::Contains("version: 3 is neither 1 nor 2"));
  CHECK_THAT(what(8, 9), Catch::Contains("header checksum"));
  CHECK_THAT(what(16, 17), Catch::Contains("tensor 0: coding: 17 is not known"));
  CHECK_THAT(what(18, 15), Catch::Contains("table log: 15 is not in 0..14, what"));
  CHECK_THAT(what(26, 1), Catch::Contains("reserved: must be zero"));
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK_THAT(parse_container(longer).what, Catch::Contains("bytes follow the last tensor"));
}

TEST_CASE("container: names are printable UTF-8 on both sides", "[unit]") {
  const Tensor tensor{"", {8, false}, {1}, {7}};
  CodedTensor coded = encode(tensor, raw_code({8, false}), 1, 1);
  for (const char* good :
       {"a", "conv1/weights:0", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    coded.name = good;
    CHECK(parse_container(write_container(std::vector{coded})).tensors.at(0).name == good);
  }
  for (const char* bad : {"\x1b[2J", "a\nb", "\x7f", "\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80",
                          "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xc2\x9b"}) {
    coded.name = bad;
    CHECK_THROWS_WITH(write_container(std::vector{coded}), Catch::Contains("printable UTF-8"));
    coded.name = std::string(std::string(bad).size(), 'x');
    Bytes bytes = write_container(std::vector{coded});
    std::copy_n(bad, coded.name.size(), bytes.begin() + 44);
    forge_checksums(bytes, coded);
    CHECK_THAT(parse_container(bytes).what, Catch::Contains("printable UTF-8"));
  }
}

TEST_CASE("table code: parts of a sum read back, and nothing else is read", "[unit]") {
  std::mt19937 random(8);
  for (int i = 0; i < 2000; ++i) {
    const std::uint32_t minimum = i % 2 != 0;
    const std::size_t n = 1 + random() % 256;
    std::vector<std::uint32_t> parts(n, minimum);
    std::uint32_t sum = static_cast<std::uint32_t>(n) * minimum;
    for (std::size_t j = random() % 300; j > 0; --j) {
      const auto add = static_cast<std::uint32_t>(random() % 50);
      parts[random() % n] += add;
      sum += add;
    }
    BitWriter out;
    write_parts(out, parts, sum, minimum);
    const std::uint64_t n_bits = out.n_bits();
    REQUIRE(parts_bits(parts, sum, minimum) == n_bits);
    const auto words = out.take();
    BitReader in(words);
    REQUIRE(read_parts(in, n, sum, minimum) == parts);
    REQUIRE(in.position() == n_bits);
    std::vector<std::uint32_t> noise(20);
    for (auto& w : noise) w = static_cast<std::uint32_t>(random());
    BitReader noisy(noise);
    if (const auto read = read_parts(noisy, n, sum, minimum)) {
      REQUIRE(std::accumulate(read->begin(), read->end(), std::uint64_t{0}) == sum);
    }
  }
}

}  // namespace transom
