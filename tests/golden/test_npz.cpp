// test_npz.cpp — npz.hpp: numpy's archives, whole, cut, flipped and forged.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npz.hpp"

#include <catch2/catch.hpp>
#include <optional>

#include "trace_files.hpp"

namespace transom {
using namespace golden;
namespace {

using support::Bytes;
using support::rewrite;
using support::TempFolder;
using support::trace_error;

Bytes from_hex(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

/// numpy.savez of first = int8 [[-128, -1, 0], [1, 2, 127]] in Fortran order and
/// second = uint16 [1, 256, 65535].
const Bytes kSavez = from_hex(
    "504b0304140000000000000021002a20744086000000860000000900140066697273742e6e707901001000860000"
    "00000000008600000000000000934e554d5059010076007b276465736372273a20277c6931272c2027666f727472"
    "616e5f6f72646572273a20547275652c20277368617065273a2028322c2033292c207d2020202020202020202020"
    "20202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "20200a8001ff02007f504b030414000000000000002100d729f19586000000860000000a0014007365636f6e642e"
    "6e70790100100086000000000000008600000000000000934e554d5059010076007b276465736372273a20273c75"
    "32272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028332c292c207d2020"
    "20202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "2020202020202020202020200a01000001ffff504b01021403140000000000000021002a20744086000000860000"
    "0009000000000000000000000080010000000066697273742e6e7079504b0102140314000000000000002100d729"
    "f19586000000860000000a00000000000000000000008001c10000007365636f6e642e6e7079504b050600000000"
    "020002006f000000830100000000");
/// numpy.savez_compressed of the same.
const Bytes kSavezCompressed = from_hex(
    "504b0304140000000800000021002a2074404b000000860000000900140066697273742e6e707901001000860000"
    "00000000004b000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9369a8aea3a09e965f5452"
    "9498179f5f94920a120f292a4d050a17672416a402b91a463a0ac69a3a0ab50ae403ae06c6ff4c0cf500504b0304"
    "14000000080000002100d729f1954a000000860000000a0014007365636f6e642e6e707901001000860000000000"
    "00004a000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e536aa4aea3a09e965f5452949817"
    "9f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e460606c6ffff01504b010214031400"
    "00000800000021002a2074404b0000008600000009000000000000000000000080010000000066697273742e6e70"
    "79504b0102140314000000080000002100d729f1954a000000860000000a00000000000000000000008001860000"
    "007365636f6e642e6e7079504b050600000000020002006f0000000c0100000000");
const std::vector<Tensor> kSaved = {{"first", {8, true}, {2, 3}, {0x80, 0xff, 0, 1, 2, 0x7f}},
                                    {"second", {16, false}, {3}, {1, 256, 65535}}};

/// Appends a signature and little-endian numbers of n_bytes each.
void put(Bytes& file, const std::string& signature, const std::vector<std::size_t>& numbers,
         unsigned n_bytes) {
  file.insert(file.end(), signature.begin(), signature.end());
  for (const std::size_t number : numbers) {
    for (unsigned b = 0; b < n_bytes; ++b) {
      file.push_back(static_cast<std::uint8_t>(number >> 8 * b));
    }
  }
}

constexpr std::uint32_t k300ZerosCrc = 0xe4114d2;  ///< of numpy.save(zeros(300, uint8)), by zlib

struct Member {
  std::string name;
  std::uint32_t crc;
  std::size_t packed;   ///< bytes
  std::size_t claimed;  ///< bytes when unpacked
  std::size_t method = 0;
};
/// A member's local header or, with the place of that, its entry in the directory.
Bytes zip_header(const std::string& signature, const Member& member,
                 std::optional<std::size_t> local_at = std::nullopt) {
  Bytes header;
  put(header, signature, {}, 0);
  if (local_at) put(header, "", {20}, 2);
  put(header, "", {20, 0, member.method, 0, 0x21}, 2);  // version, flags, method, time, date
  put(header, "", {member.crc, member.packed, member.claimed}, 4);
  put(header, "", {member.name.size(), 0}, 2);
  if (local_at) {
    put(header, "", {0, 0, 0, 0, 0}, 2);  // comment, disk, attributes
    put(header, "", {*local_at}, 4);
  }
  put(header, member.name, {}, 0);
  return header;
}

/// A file of local members, then its directory.
Bytes with_directory(Bytes file, const std::vector<Bytes>& directory) {
  const std::size_t start = file.size();
  for (const Bytes& entry : directory) file.insert(file.end(), entry.begin(), entry.end());
  const std::size_t n_bytes = file.size() - start;
  put(file, "PK\5\6", {0, 0, directory.size(), directory.size()}, 2);
  put(file, "", {n_bytes, start}, 4);
  put(file, "", {0}, 2);
  return file;
}

/// Values alone: a flip in an archive may rename a tensor.
std::vector<std::vector<value_t>> values_of(const std::vector<Tensor>& tensors) {
  std::vector<std::vector<value_t>> values;
  for (const Tensor& tensor : tensors) values.push_back(tensor.values);
  return values;
}

}  // namespace

TEST_CASE("npz: numpy's archives read right, stored or deflated", "[unit][golden]") {
  const TempFolder folder;
  write_file(folder / "a.npz", kSavez);
  write_file(folder / "b.npz", kSavezCompressed);
  CHECK(read_npz(folder / "a.npz") == kSaved);
  CHECK(read_npz(folder / "b.npz") == kSaved);
}

TEST_CASE("npz: every prefix of an archive is an error", "[unit]") {
  const TempFolder folder;
  for (const Bytes& whole : {kSavez, kSavezCompressed}) {
    for (std::size_t n = 0; n < whole.size(); ++n) {
      rewrite(folder / "a.npz", {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
      INFO(n << " bytes");
      REQUIRE_THAT(trace_error(folder / "a.npz"), Catch::Contains("a.npz"));
    }
  }
}

TEST_CASE("npz: any bit of an archive flipped gives an error or the same values",
          "[unit][exhaustive]") {
  const TempFolder folder;
  std::size_t n_errors = 0;
  for (const Bytes& whole : {kSavez, kSavezCompressed}) {
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      Bytes flipped = whole;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1u << bit % 8);
      rewrite(folder / "a.npz", flipped);
      try {
        const std::vector<Tensor> tensors = read_npz(folder / "a.npz");
        INFO("bit " << bit);
        REQUIRE(values_of(tensors) == values_of(kSaved));
      } catch (const TraceError&) {
        ++n_errors;
      }
    }
  }
  CHECK(n_errors > 4000);  // of 7376; the rest are dates, attributes and names
}

TEST_CASE("npz: an archive whose members share bytes or names is refused", "[unit]") {
  // A member whose content is another member: what a zip bomb does without nesting.
  const Bytes array = npy_bytes({"", {8, false}, {300}, std::vector<value_t>(300)});
  const Member inner{"b.npy", k300ZerosCrc, array.size(), array.size()};
  Bytes content = zip_header("PK\3\4", inner);
  content.insert(content.end(), array.begin(), array.end());
  const Member outer{"a.npy", 0, content.size(), content.size()};
  Bytes file = zip_header("PK\3\4", outer);
  const Bytes inner_entry = zip_header("PK\1\2", inner, file.size());
  const Bytes outer_entry = zip_header("PK\1\2", outer, 0);
  file.insert(file.end(), content.begin(), content.end());
  const TempFolder folder;
  write_file(folder / "a.npz", with_directory(file, {inner_entry}));
  CHECK(values_of(read_npz(folder / "a.npz"))[0] == std::vector<value_t>(300));
  write_file(folder / "b.npz", with_directory(file, {inner_entry, outer_entry}));
  CHECK_THAT(trace_error(folder / "b.npz"),
             Catch::Contains("b.npz[a.npy]: size: ") && Catch::Contains("of their own"));
  write_file(folder / "c.npz", with_directory(file, {inner_entry, inner_entry}));
  CHECK_THAT(trace_error(folder / "c.npz"), Catch::Contains("two members of one name"));
}

TEST_CASE("npz: a member that claims more than its bytes can unpack to is refused", "[unit]") {
  const Bytes array = npy_bytes({"", {8, false}, {300}, std::vector<value_t>(300)});
  const TempFolder folder;
  const auto error_of = [&](const std::string& name, std::size_t method, std::size_t claimed) {
    const Member member{name, k300ZerosCrc, array.size(), claimed, method};
    Bytes file = zip_header("PK\3\4", member);
    file.insert(file.end(), array.begin(), array.end());
    rewrite(folder / "a.npz", with_directory(file, {zip_header("PK\1\2", member, 0)}));
    return trace_error(folder / "a.npz");
  };
  CHECK(error_of("a.npy", 0, array.size()).empty());
  CHECK_THAT(error_of("a.npy", 0, array.size() + 1), Catch::Contains("cannot be 429 of their own"));
  CHECK_THAT(error_of("a.npy", 0, array.size() - 1), Catch::Contains("cannot be 427 of their own"));
  CHECK_THAT(error_of("a.npy", 8, (array.size() + 1) * 1032), Catch::Contains("of their own"));
  CHECK_THAT(error_of("a.npy", 8, (array.size() + 1) * 1032 - 1),
             Catch::Contains("[a.npy]: data: "));
  CHECK_THAT(error_of("a.npy", 12, array.size()), Catch::Contains("compression: method 12"));
  CHECK_THAT(error_of("a.txt", 0, array.size()), Catch::Contains("[a.txt]: name: not a .npy"));
}

}  // namespace transom
