// test_codecs.cpp — what codec, container and plan ask of their arguments, by name and at random.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "refused.hpp"
#include "support.hpp"
#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"

namespace transom {
namespace {

using Numbers = std::vector<std::uint32_t>;
using support::refusal_of;
using Random = std::mt19937;

const Tensor kTensor{"t", {4, false}, {2, 2}, {1, 3, 0, 2}};

/// Two ranges of 4-bit values: sizes 4 and 12.
Code two_rows() {
  return {Coding::kApackTans, 2, Spread::kStep, {3, 1}, make_rows(std::vector<value_t>{0, 4}, 4)};
}

Tensor with(Tensor tensor, std::vector<value_t> values) {
  tensor.values = std::move(values);
  return tensor;
}

TEST_CASE("reliability 4: encode and encode_best refuse tensors and streams by name", "[unit]") {
  PlanOptions options;
  const auto both = [&](const Tensor& tensor, const char* argument, const char* value,
                        const char* limit) {
    for (const Coding coding : {Coding::kRaw, Coding::kTans, Coding::kApackTansPair}) {
      options.coding = coding;
      CHECK_REFUSED(encode_best(tensor, options), argument, value, limit);
    }
    CHECK_REFUSED(encode(tensor, two_rows(), 1, 1), argument, value, limit);
    CHECK_REFUSED(encode(tensor, raw_code({4, false}), 1, 1), argument, value, limit);
  };
  both(with(kTensor, {1, 3, 16, 2}), "values[2] of tensor 't'", "16", "0..15");
  both(with(kTensor, {1, 3, 2, 65535}), "values[3] of tensor 't'", "65535", "0..15");
  both(with(kTensor, {1, 3, 2}), "number of values of tensor 't'", "3", "must be 4");
  both(with(kTensor, {}), "number of values", "0", "must be 4");
  both({"t", {4, false}, {}, {}}, "number of values", "0", "must be 1");
  both({"t", {4, false}, {65536, 65536}, {}}, "number of values", "0", "below 2^32");
  for (const unsigned bits : {0u, 17u, 255u}) {
    const Tensor odd{"t", {static_cast<std::uint8_t>(bits), false}, {1}, {0}};
    CHECK_REFUSED(encode_best(odd, {}), "value bits", std::to_string(bits), "1..16");
    CHECK_REFUSED(encode(odd, two_rows(), 1, 1), "code", "apack-tans", "there must be 1..16");
  }
  for (const std::uint32_t n : {0u, 65536u, ~0u}) {
    options.n_streams = n;
    CHECK_REFUSED(encode_best(kTensor, options), "n_streams", std::to_string(n), "1..65535");
    CHECK_REFUSED(encode(kTensor, two_rows(), n, 1), "n_streams", std::to_string(n), "1..65535");
  }
  options.n_streams = 1;
  options.chunk = 0;
  CHECK_REFUSED(encode_best(kTensor, options), "chunk", "0", "1..");
  CHECK_REFUSED(encode(kTensor, two_rows(), 1, 0), "chunk", "0", "1..");
}

TEST_CASE("reliability 4: options of encode_best are refused by name", "[unit]") {
  const auto refused = [](const auto& set, const char* argument, const char* value,
                          const char* limit) {
    PlanOptions options;
    set(options);
    CHECK_REFUSED(encode_best(kTensor, options), argument, value, limit);
  };
  using O = PlanOptions;
  refused([](O& o) { o.coding = static_cast<Coding>(8); }, "coding", "8", "0..7");
  refused([](O& o) { o.spread = static_cast<Spread>(3); }, "spread", "3", "0..2");
  refused([](O& o) { o.search = static_cast<Search>(3); }, "search", "3", "0..2");
  refused([](O& o) { o.rows = 17; }, "rows", "17", "apack-tans takes 1..16");
  refused([](O& o) { o.rows = 0; }, "rows", "0", "apack-tans takes 1..16");
  refused([](O& o) { o.table_log = 40; }, "table log", "40", "apack-tans takes 0..14");
  refused([](O& o) { o.coding = Coding::kTans, o.table_log = 1; }, "table log", "1",
          "fewer slots than the 4 symbols");
  refused([](O& o) { o.rows = 3, o.search = Search::kReleased; }, "search", "released", "apack-ac");
}

TEST_CASE("reliability 4: codes, tables and rows are refused by name", "[unit]") {
  CHECK_REFUSED(codec(static_cast<Coding>(255)), "coding", "255", "0..7");
  CHECK_REFUSED(one_row_code(static_cast<Coding>(8), {8, false}), "coding", "8", "0..7");
  CHECK_REFUSED(raw_code({0, false}), "value bits", "0", "1..16");
  Code code = two_rows();
  code.coding = static_cast<Coding>(9);
  CHECK_REFUSED(why_not_a_code(code, {4, false}), "coding", "9", "0..7");
  code = two_rows();
  code.table_log = 40;
  CHECK_REFUSED(encode(kTensor, code, 1, 1), "code", "apack-tans", "table log 40 is not in 0..14");
  CHECK_REFUSED(table_bits(code, {4, false}), "code", "apack-tans", "table log 40 is not in 0..14");
  code = two_rows();
  code.spread = static_cast<Spread>(9);
  CHECK_REFUSED(encode(kTensor, code, 1, 1), "code", "apack-tans", "spread 9 is not in 0..2");
  code = two_rows();
  code.freq = {4, 0};
  code.rows.push_back({15, 0});
  CHECK_REFUSED(encode(kTensor, code, 1, 1), "code", "apack-tans", "2 frequencies for 3 rows");
  code = two_rows();
  code.freq = {4, 0};
  CHECK_REFUSED(encode(with(kTensor, {1, 2, 3, 9}), code, 1, 1), "values[3] of tensor 't'", "9",
                "have a frequency");
  code.rows.resize(257);
  CHECK_REFUSED(make_row_words(code), "number of rows", "257", "0..256");

  code = two_rows();
  for (const Codec& c : codecs()) {
    code.coding = c.coding;
    code.freq = {1};
    CHECK(refusal_of([&] { c.make_table(code); }));
    CHECK(refusal_of([&] { c.make_unit_table(code); }));
    CHECK(refusal_of([&] { c.encode(code, std::vector<std::vector<symbol_t>>(1)); }));
  }
  code.freq.assign(256, 4);
  for (const Coding coding : {Coding::kApackAc, Coding::kApackNrans}) {
    CHECK_REFUSED(codec(coding).make_unit_table(code), "frequencies", "256", "1..16");
  }
}

TEST_CASE("reliability 4: a codec's decoders look at all that they are given", "[unit]") {
  for (const Codec& c : codecs()) {
    INFO(c.name);
    const Code code = one_row_code(c.coding, {4, false});
    const CodedTensor coded = encode(kTensor, code, 2, 1);
    const Numbers rows = make_row_words(code);
    std::vector<value_t> values(4);
    const auto decode_with = [&](const Numbers& words, unsigned R, std::span<const std::uint32_t> r,
                                 const StreamLayout& layout, std::uint32_t stream) {
      c.decode_stream(words, R, r, coded.streams[0], layout, stream, values);
    };
    const Numbers good = c.make_table(code);
    const unsigned R = code.table_log;
    const StreamLayout layout{4, 2, 1};
    decode_with(good, R, rows, layout, 0);
    CHECK(values[0] == 1);
    CHECK_REFUSED(decode_with({}, R, rows, layout, 0), "number of words", "0", "must be");
    CHECK_REFUSED(decode_with(good, R + 40, rows, layout, 0), "table log", std::to_string(R + 40),
                  "must be");
    CHECK_REFUSED(decode_with(good, R, {}, layout, 0), "row words", "0", "256");
    CHECK_REFUSED(decode_with(good, R, rows, layout, 2), "stream", "2", "0..1");
    CHECK_REFUSED(decode_with(good, R, rows, {5, 2, 1}, 0), "number of values", "4", "5..");
    CHECK_REFUSED(decode_with(good, R, rows, {4, 0, 1}, 0), "number of streams", "0", "1..65535");
    CHECK_REFUSED(decode_with(good, R, rows, {4, 2, 0}, 0), "chunk", "0", "1..");
    Numbers forged = good;
    forged[0] = 0xff'ffff;
    CHECK_REFUSED(decode_with(forged, R, rows, layout, 0), "table[0]", "16777215", "must");
    CHECK_REFUSED(c.trace_stream(forged, R, rows, coded.streams[0], 2), "table[0]", "16777215", "");
    CHECK_REFUSED(c.trace_stream(good, R, {}, coded.streams[0], 2), "row words", "0", "256");
  }
  const auto slots = [](std::initializer_list<RansEntry> entries) {
    Numbers words;
    for (const RansEntry& e : entries) words.push_back(to_word(e));
    return words;
  };
  const RansEntry first{3, 1, 0}, second{5, 2, 0}, third{5, 2, 1}, fourth{5, 1, 0};
  const auto nrans = [](const Numbers& words) { check_table(LaneKind::kNrans, words, 2); };
  nrans(slots({second, third, first, fourth}));
  const auto at = [](std::size_t i) { return "table[" + std::to_string(i) + "]"; };
  const auto refused = [&](std::size_t i, const Numbers& words, const char* limit) {
    CHECK_REFUSED(nrans(words), at(i), std::to_string(words[i]), limit);
  };
  refused(1, slots({second, first, third, fourth}), "slot 1 of the 2 of symbol 5");
  refused(3, slots({first, second, third, second}), "slot 0 of the 2 of symbol 5, within 2^R");
  refused(0, slots({third, second, first, first}), "slot 0 of the 2 of symbol 5");
  CHECK_REFUSED(check_table(LaneKind::kNrans, Numbers(1u << 13), 13), "table log", "13", "0..12");
  CHECK_REFUSED(check_table(static_cast<LaneKind>(5), {}, 0), "kind", "5", "0..4");
}

TEST_CASE("reliability 4: coded tensors that are none are refused by name", "[unit]") {
  const CodedTensor good = encode(kTensor, two_rows(), 2, 1);
  const auto all = [](const CodedTensor& bad, const char* argument, const char* value,
                      const char* limit) {
    CHECK_REFUSED(decode(bad), argument, value, limit);
    CHECK_REFUSED(judge(bad, {}, {}), argument, value, limit);
    CHECK_REFUSED(record_bytes(bad), argument, value, limit);
    CHECK_REFUSED(write_container(std::vector{bad}), argument, value, limit);
  };
  CodedTensor bad = good;
  bad.shape = {65536, 65536};
  all(bad, "shape of tensor 't'", "2^32 values or more", "fewer");
  CHECK_REFUSED(bad.layout(), "shape", "2^32 values or more", "fewer");
  bad = good;
  bad.chunk = 0;
  all(bad, "chunk of tensor 't'", "0", "at least 1");
  bad = good;
  bad.streams.clear();
  all(bad, "number of streams of tensor 't'", "0", "1..65535");
  bad.streams.resize(65536);
  all(bad, "number of streams of tensor 't'", "65536", "1..65535");
  bad = good;
  bad.code.table_log = 40;
  all(bad, "code of tensor 't'", "apack-tans", "table log 40 is not in 0..14");
  bad = good;
  bad.dtype.bits = 0;
  all(bad, "code of tensor 't'", "apack-tans", "values have 0 bits");
  bad = good;
  bad.code.coding = static_cast<Coding>(8);
  all(bad, "coding", "8", "0..7");

  std::vector<value_t> room(3);
  std::vector<std::uint8_t> bytes(4);
  CHECK_REFUSED(decode(good, room), "number of values", "3", "must be 4");
  CHECK(decode(good, bytes).status == Status::kOk);
  const CodedTensor wide =
      encode(Tensor{"w", {9, false}, {4}, {1, 2, 3, 4}}, raw_code({9, false}), 1, 1);
  CHECK_REFUSED(decode(wide, bytes), "value bits, into bytes,", "9", "must be 1..8");
  CHECK_REFUSED(judge(good, {1, 2, 3}, {Status::kOk, Status::kOk}), "number of values", "3", "4");
  CHECK_REFUSED(judge(good, {1, 2, 3, 4}, {Status::kOk}), "number of statuses", "1", "must be 2");
}

TEST_CASE("reliability 4: what the format cannot hold is not written", "[unit]") {
  const CodedTensor good = encode(kTensor, two_rows(), 2, 1);
  const auto writes = [](const CodedTensor& tensor) {
    return write_container(std::vector{tensor});
  };
  CodedTensor bad = good;
  bad.name = "a\nb";
  CHECK_REFUSED(writes(bad), "name of tensor", "0", "printable UTF-8");
  bad.name.assign(4097, 'x');
  CHECK_REFUSED(writes(bad), "length of the name", "4097", "0..4096");
  bad = good;
  bad.shape.assign(9, 1);
  CHECK_REFUSED(writes(bad), "number of dimensions", "9", "0..8");
  bad = good;
  bad.streams.resize(5);
  CHECK_REFUSED(writes(bad), "number of streams", "5", "1..4");
  // Rows are not written where a coding has whole values: these would be lost without a word.
  bad = good;
  bad.code.coding = Coding::kTans;
  CHECK(decode(bad).status == Status::kOk);
  CHECK_REFUSED(writes(bad), "number of rows", "2", "must be 16");
}

TEST_CASE("reliability 9: a raw record with another table log than 0 is refused", "[unit]") {
  std::vector<std::uint8_t> bytes =
      write_container(std::vector{encode(kTensor, raw_code(kTensor.dtype), 1, 1)});
  REQUIRE(parse_container(bytes).status == Status::kOk);
  bytes[kContainerHeaderBytes + 2] = 5;  // the header's own CRC comes later, and is not needed
  const Parsed parsed = parse_container(bytes);
  CHECK(parsed.status == Status::kBadHeader);
  CHECK_THAT(parsed.what, Catch::Contains("table log: 5 is not in 0..0, what raw takes"));
  CHECK(parsed.tensors.empty());
}

TEST_CASE("reliability 10: an offset outside its row is a bad value of the container", "[unit]") {
  // Row 0 has the values 0..4, its offsets 3 bits: 5, 6 and 7 are row 1's values, coded as row 0's.
  const Code code{
      Coding::kApackTans, 1, Spread::kStep, {1, 1}, make_rows(std::vector<value_t>{0, 5}, 4)};
  for (const Coding coding : {Coding::kApackTans, Coding::kApackRans}) {
    for (value_t value = 0; value < 8; ++value) {
      Code own = code;
      own.coding = coding;
      CodedTensor coded = encode(Tensor{"t", {4, false}, {3}, {0, 1, 2}}, own, 1, 1);
      coded.streams[0].offsets[0] = value;
      coded.checksum = checksum(std::vector<value_t>{value, 0, 0}, coded.dtype);
      const Decoded decoded = decode(coded);
      CHECK(decoded.values == std::vector<value_t>{value, 0, 0});
      CHECK(decoded.streams[0] == Status::kOk);  // a lane does not look
      const Status want = value < 5 ? Status::kOk : Status::kBadValue;
      CHECK(decoded.status == want);
      CHECK(judge(coded, decoded.values, decoded.streams).status == want);
      std::vector<std::uint8_t> bytes(3);
      CHECK(decode(coded, bytes).status == want);
    }
  }
}

std::uint32_t below(Random& random, std::uint32_t n) {
  return static_cast<std::uint32_t>(random() % n);
}
bool one_in(Random& random, std::uint32_t n) { return below(random, n) == 0; }

/// Any number, small ones and limits more often.
std::uint32_t any(Random& random) {
  constexpr std::uint32_t kNear[] = {0,   1,   2,     14,    15,       16, 17,
                                     255, 256, 65535, 65536, 1u << 31, ~0u};
  if (one_in(random, 4)) return kNear[random() % std::size(kNear)];
  return static_cast<std::uint32_t>(random() >> random() % 32);
}

Tensor any_tensor(Random& random) {
  Tensor tensor{"r", {static_cast<std::uint8_t>(1 + below(random, 16)), one_in(random, 2)}, {}, {}};
  if (one_in(random, 8)) tensor.dtype.bits = static_cast<std::uint8_t>(any(random));
  const unsigned W = std::clamp<unsigned>(tensor.dtype.bits, 1, 16);
  const std::uint32_t n = below(random, 40);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t value = any(random);
    tensor.values.push_back(
        static_cast<value_t>(one_in(random, 1000) ? value : value & low_bits(W)));
  }
  tensor.shape = {n};
  if (one_in(random, 8)) tensor.shape = {any(random), any(random)};
  return tensor;
}

Code any_code(Random& random, const DType& dtype) {
  const auto coding = static_cast<Coding>(below(random, 7));
  Code code{coding, below(random, 15), static_cast<Spread>(below(random, 3)), {}, {}};
  if (one_in(random, 2) && dtype.bits >= 1 && dtype.bits <= 16) {
    code = support::random_code(coding, dtype, random);
  }
  if (!one_in(random, 4)) return code;
  if (one_in(random, 4)) code.coding = static_cast<Coding>(any(random));
  if (one_in(random, 4)) code.table_log = any(random);
  if (one_in(random, 4)) code.spread = static_cast<Spread>(any(random));
  if (one_in(random, 4)) code.freq.resize(below(random, 300), any(random));
  if (one_in(random, 4)) code.rows.resize(below(random, 300));
  if (!code.freq.empty()) code.freq[below(random, 1000) % code.freq.size()] = any(random);
  if (one_in(random, 4) && !code.rows.empty()) {
    code.rows[below(random, 1000) % code.rows.size()] = {static_cast<value_t>(any(random)),
                                                         static_cast<std::uint8_t>(any(random))};
  }
  return code;
}

TEST_CASE("reliability 4: any arguments end in a refusal or in a right round trip", "[unit]") {
  Random random(4);
  std::size_t n_good = 0, n_refused = 0;
  // The documented error and no other; what is coded comes back, from its container, too.
  const auto attempt = [&](const auto& code_it, const Tensor& tensor) {
    std::optional<CodedTensor> coded;
    try {
      coded = code_it();
    } catch (const PreconditionError&) {
      ++n_refused;
      return;
    }
    ++n_good;
    const Decoded decoded = decode(*coded);
    REQUIRE(decoded.status == Status::kOk);
    REQUIRE(decoded.values == tensor.values);
    try {
      const auto bytes = write_container(std::vector{*coded});
      const CodedTensor read = parse_container(bytes).tensors.at(0);
      REQUIRE(read.streams == coded->streams);
      REQUIRE(decode(read).values == tensor.values);
    } catch (const PreconditionError&) {  // ranges where a coding has whole values
      REQUIRE(codec(coded->code.coding).max_rows == 0);
    }
  };
  for (int i = 0; i < 4000; ++i) {
    const Tensor tensor = any_tensor(random);
    const Code code = any_code(random, tensor.dtype);
    const std::uint32_t n_streams = one_in(random, 4) ? any(random) : 1 + below(random, 5);
    const std::uint32_t chunk = one_in(random, 4) ? any(random) : 1 + below(random, 5);
    attempt([&] { return encode(tensor, code, n_streams, chunk); }, tensor);
    if (i % 40 != 0) continue;
    PlanOptions options;
    options.coding = code.coding;
    options.n_streams = n_streams;
    options.chunk = chunk;
    if (one_in(random, 2)) options.table_log = one_in(random, 2) ? code.table_log : any(random);
    if (one_in(random, 2)) options.rows = 1 + below(random, 18);
    if (one_in(random, 4)) options.spread = code.spread;
    if (one_in(random, 8)) options.search = static_cast<Search>(below(random, 3));
    if (tensor.dtype.bits <= 10) attempt([&] { return encode_best(tensor, options); }, tensor);
  }
  INFO(n_good << " round trips, " << n_refused << " refusals");
  CHECK(n_good > 200);
  CHECK(n_refused > 200);
}

TEST_CASE("reliability 4: any coded tensor ends in a refusal or in a status", "[unit]") {
  Random random(5);
  std::size_t n_refused = 0, n_bad = 0;
  for (int i = 0; i < 4000; ++i) {
    const DType dtype{static_cast<std::uint8_t>(1 + below(random, 8)), false};
    CodedTensor coded{"r",
                      dtype,
                      {below(random, 99)},
                      any_code(random, dtype),
                      1 + below(random, 3),
                      std::vector<StreamWords>(below(random, 4)),
                      0};
    if (one_in(random, 8)) coded.dtype.bits = static_cast<std::uint8_t>(any(random));
    if (one_in(random, 8)) coded.chunk = any(random);
    if (one_in(random, 8)) coded.shape = {below(random, 4096) << 20, below(random, 2) << 12};
    for (StreamWords& stream : coded.streams) {
      for (std::uint32_t n = below(random, 6); n > 0; --n) stream.symbols.push_back(any(random));
      for (std::uint32_t n = below(random, 6); n > 0; --n) stream.offsets.push_back(any(random));
    }
    try {
      n_bad += decode(coded).status != Status::kOk;
      write_container(std::vector{coded});
    } catch (const PreconditionError&) {
      ++n_refused;
    }
  }
  INFO(n_bad << " bad streams, " << n_refused << " refusals");
  CHECK(n_bad > 100);
  CHECK(n_refused > 100);
}

}  // namespace
}  // namespace transom
