// test_npy.cpp — npy.hpp: numpy's bytes, every type and order, and files that lie.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>
#include <random>

#include "transom/container/container.hpp"

namespace transom {
using namespace golden;
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A file by hand: version, header text, data.
Bytes make_file(const std::string& text, const Bytes& data, std::uint8_t version = 1) {
  Bytes file{0x93, 'N', 'U', 'M', 'P', 'Y', version, 0};
  for (unsigned i = 0; i < (version == 1 ? 2u : 4u); ++i) {
    file.push_back(static_cast<std::uint8_t>(text.size() >> 8 * i));
  }
  file.insert(file.end(), text.begin(), text.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

std::string dict(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

NpyArray read(const Bytes& file, std::optional<unsigned> bits = std::nullopt) {
  std::size_t at = 0;
  const ReadBytes source = [&](std::uint8_t* to, std::size_t n_bytes) {
    const std::size_t n = std::min(n_bytes, file.size() - at);
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at), n, to);
    at += n;
    return n;
  };
  return read_npy("x.npy", file.size(), source, {.bits = bits});
}

/// The error's text, empty if there is none.
std::string error(const Bytes& file, std::optional<unsigned> bits = std::nullopt) {
  try {
    read(file, bits);
    return "";
  } catch (const TraceError& e) {
    return e.what();
  }
}

/// What numpy.save wrote: its dict, so many blanks, a newline, the data.
Bytes numpy_bytes(const std::string& text, std::size_t n_blanks, const Bytes& data) {
  return make_file(text + std::string(n_blanks, ' ') + "\n", data);
}

Tensor random_tensor(const DType& dtype, std::vector<std::uint32_t> shape, std::mt19937& random) {
  Tensor tensor{"", dtype, std::move(shape), {}};
  tensor.values.resize(*n_values(tensor.shape));
  for (value_t& v : tensor.values) {
    v = static_cast<value_t>(random() & ((std::uint32_t{1} << dtype.bits) - 1));
  }
  return tensor;
}

struct Type {
  const char* name;
  char kind;
  unsigned n_bytes;
  std::uint8_t bits;  ///< of the values that the test puts in
};
constexpr Type kTypes[] = {{"int8", 'i', 1, 8},    {"uint8", 'u', 1, 8},   {"int16", 'i', 2, 16},
                           {"uint16", 'u', 2, 16}, {"int32", 'i', 4, 16},  {"uint32", 'u', 4, 16},
                           {"int64", 'i', 8, 16},  {"uint64", 'u', 8, 16}, {"bool", 'b', 1, 1}};

const std::vector<std::vector<std::uint32_t>> kShapes = {
    {}, {0}, {1}, {7}, {2, 3}, {3, 0, 2}, {2, 3, 4}, {1, 5, 1}, {2, 1, 3, 2, 1, 2, 1, 2}};

std::string python_tuple(const std::vector<std::uint32_t>& shape) {
  std::string text = "(";
  for (const std::uint32_t dim : shape) text += std::to_string(dim) + ", ";
  return text + ")";
}

/// Where C index i lies in Fortran order, by the definition of both.
std::size_t fortran_index(std::size_t i, const std::vector<std::uint32_t>& shape) {
  std::vector<std::size_t> index(shape.size());
  for (std::size_t d = shape.size(); d-- > 0;) {
    index[d] = i % shape[d];
    i /= shape[d];
  }
  std::size_t at = 0;
  for (std::size_t d = shape.size(); d-- > 0;) at = at * shape[d] + index[d];
  return at;
}

Bytes data_by_hand(const Tensor& tensor, unsigned n_bytes, char order, bool fortran) {
  Bytes data(tensor.values.size() * n_bytes);
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    const std::int64_t integer = to_integer(tensor.values[i], tensor.dtype);
    const std::size_t at = (fortran ? fortran_index(i, tensor.shape) : i) * n_bytes;
    for (unsigned b = 0; b < n_bytes; ++b) {
      data[at + (order == '>' ? n_bytes - 1 - b : b)] = static_cast<std::uint8_t>(integer >> 8 * b);
    }
  }
  return data;
}

}  // namespace

TEST_CASE("npy: what is written is what numpy.save writes", "[unit][golden]") {
  const std::string tail = ", 'fortran_order': False, 'shape': ";
  CHECK(npy_bytes({"", {8, true}, {2, 3}, {0x80, 0xff, 0, 1, 2, 0x7f}}) ==
        numpy_bytes("{'descr': '|i1'" + tail + "(2, 3), }", 58, {0x80, 0xff, 0, 1, 2, 0x7f}));
  CHECK(npy_bytes({"", {16, false}, {3}, {0, 1, 65535}}) ==
        numpy_bytes("{'descr': '<u2'" + tail + "(3,), }", 60, {0, 0, 1, 0, 0xff, 0xff}));
  CHECK(npy_bytes({"", {16, true}, {}, {0xfffe}}) ==
        numpy_bytes("{'descr': '<i2'" + tail + "(), }", 62, {0xfe, 0xff}));
  CHECK(npy_bytes({"", {8, false}, {0, 4}, {}}) ==
        numpy_bytes("{'descr': '|u1'" + tail + "(0, 4), }", 58, {}));
  const std::vector<std::uint32_t> most{1234567890, 1, 1, 1, 1, 1, 0, 1234567890};
  CHECK(npy_bytes({"", {8, false}, most, {}}) ==
        numpy_bytes("{'descr': '|u1'" + tail + "(1234567890, 1, 1, 1, 1, 1, 0, 1234567890), }", 22,
                    {}));
  CHECK(npy_bytes({"", {4, true}, {2}, {0xf, 7}}) ==
        numpy_bytes("{'descr': '|i1'" + tail + "(2,), }", 60, {0xff, 7}));
}

TEST_CASE("npy: every type, byte order, index order, version and shape reads right", "[unit]") {
  std::mt19937 random(1);
  std::size_t n_files = 0;
  const auto check = [&](const Type& type, const Tensor& tensor, char order, bool fortran) {
    const std::string text = dict(order + std::string(1, type.kind) + std::to_string(type.n_bytes),
                                  fortran ? "True" : "False", python_tuple(tensor.shape));
    const Bytes data = data_by_hand(tensor, type.n_bytes, order, fortran);
    INFO(text);
    for (std::uint8_t version = 1; version <= 3; ++version) {
      const NpyArray array = read(make_file(text, data, version), tensor.dtype.bits);
      REQUIRE(array.type == type.name);
      REQUIRE(array.tensor == tensor);
      if (type.n_bytes <= 2) REQUIRE(read(make_file(text, data)).tensor == tensor);
      ++n_files;
    }
  };
  for (const Type& type : kTypes) {
    for (const auto& shape : kShapes) {
      const Tensor tensor = random_tensor({type.bits, type.kind == 'i'}, shape, random);
      for (const bool fortran : {false, true}) {
        if (type.n_bytes == 1) check(type, tensor, '|', fortran);
        if (type.kind == 'b') continue;
        check(type, tensor, '<', fortran);
        check(type, tensor, '>', fortran);
      }
    }
  }
  CHECK(n_files == 9 * (1 + 2 * 3 + 6 * 2) * 2 * 3);
}

TEST_CASE("npy: a written tensor reads back, for every width, sign and shape", "[unit]") {
  std::mt19937 random(2);
  for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
    for (const bool is_signed : {false, true}) {
      for (const auto& shape : kShapes) {
        const Tensor tensor = random_tensor({bits, is_signed}, shape, random);
        REQUIRE(read(npy_bytes(tensor), bits).tensor == tensor);
      }
    }
  }
  const Tensor large = random_tensor({16, true}, {333, 555}, random);  // more than one piece
  CHECK(read(npy_bytes(large)).tensor == large);
}

TEST_CASE("npy: 32- and 64-bit integers get the least of 8 and 16 bits, and keep their sign",
          "[unit]") {
  const auto file = [](const char* descr, std::vector<std::int64_t> values) {
    Bytes data;
    const unsigned n_bytes = descr[2] == '4' ? 4 : 8;
    for (const std::int64_t v : values) {
      for (unsigned b = 0; b < n_bytes; ++b) data.push_back(static_cast<std::uint8_t>(v >> 8 * b));
    }
    return make_file(
        dict(descr, "False", python_tuple({static_cast<std::uint32_t>(values.size())})), data);
  };
  const auto dtype = [&](const char* descr, std::vector<std::int64_t> values) {
    return read(file(descr, std::move(values))).tensor.dtype;
  };
  CHECK(dtype("<i4", {-128, 127}) == DType{8, true});
  CHECK(dtype("<i8", {-129}) == DType{16, true});
  CHECK(dtype("<i8", {128}) == DType{16, true});
  CHECK(dtype("<u4", {0, 255}) == DType{8, false});
  CHECK(dtype("<u8", {256}) == DType{16, false});
  CHECK(read(file("<i8", {-128, -1, 0, 127})).tensor.values ==
        std::vector<value_t>{128, 255, 0, 127});
  constexpr std::int64_t far = std::numeric_limits<std::int64_t>::min();
  CHECK_THAT(error(file("<i8", {0, -32769})), Catch::Contains("value -32769 at index 1"));
  CHECK_THAT(error(file("<i4", {32768})), Catch::Contains("value 32768 at index 0"));
  CHECK_THAT(error(file("<u4", {65536})), Catch::Contains("value 65536 at index 0"));
  CHECK_THAT(error(file("<i8", {far})), Catch::Contains("value -9223372036854775808 at index 0"));
  CHECK_THAT(error(file("<u8", {far})), Catch::Contains("value 9223372036854775808 at index 0"));
  CHECK_THAT(error(file("<u8", {-1})), Catch::Contains("does not fit 16 unsigned bits"));
}

TEST_CASE("npy: a value that leaves its width is named with its index", "[unit]") {
  const Bytes nibbles = make_file(dict("|i1", "False", "(4,)"), {0xf8, 0, 7, 8});
  CHECK_THAT(error(nibbles, 4), Catch::Contains("value 8 at index 3 does not fit 4 signed bits"));
  CHECK(error(nibbles, 5).empty());
  CHECK_THAT(error(make_file(dict("|i1", "False", "(1,)"), {0xf7}), 4),
             Catch::Contains("value -9"));
  CHECK_THAT(error(make_file(dict("|u1", "False", "(1,)"), {16}), 4),
             Catch::Contains("value 16 at index 0 does not fit 4 unsigned bits"));
  CHECK_THAT(error(make_file(dict("|b1", "False", "(1,)"), {2})), Catch::Contains("value 2 at"));
  for (const unsigned bits : {0u, 9u, 16u, 255u}) {
    CHECK_THAT(error(nibbles, bits), Catch::Contains("x.npy: bits: " + std::to_string(bits)));
  }
}

TEST_CASE("npy: every byte is the integer that it is in each width, or does not fit", "[unit]") {
  for (unsigned i = 0; i < 2 * 8 * 256; ++i) {
    const DType dtype{static_cast<std::uint8_t>(1 + i / 256 % 8), i < 8 * 256};
    const int integer = dtype.is_signed ? static_cast<std::int8_t>(i) : static_cast<int>(i % 256);
    const Bytes one = make_file(dict(dtype.is_signed ? "|i1" : "|u1", "False", "(1,)"),
                                {static_cast<std::uint8_t>(i)});
    const bool fits = integer >= dtype.min() && integer <= dtype.max();
    REQUIRE(error(one, dtype.bits).empty() == fits);
    if (fits) REQUIRE(read(one, dtype.bits).tensor.values[0] == to_pattern(integer, dtype));
  }
}

TEST_CASE("npy: every prefix of a file, and every longer file, is an error", "[unit]") {
  const Bytes file = npy_bytes({"", {8, true}, {2, 3}, {0x80, 0xff, 0, 1, 2, 0x7f}});
  REQUIRE(error(file).empty());
  for (std::size_t n = 0; n < file.size(); ++n) {
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n));
    INFO(n << " bytes: " << error(cut));
    REQUIRE(!error(cut).empty());
  }
  Bytes longer = file;
  longer.push_back(0);
  CHECK_THAT(error(longer), Catch::Contains("6 values of 1 bytes, but 7 bytes of data"));
}

TEST_CASE("npy: a source that holds less or more than it claims is an error", "[unit]") {
  // 2^32 - 1 values claimed by header and source alike: nothing of that size is allocated.
  const Bytes head = make_file(dict("<i2", "False", "(4294967295,)"), {1, 0, 2, 0});
  const std::uint64_t claimed = head.size() - 4 + 2 * std::uint64_t{4294967295};
  std::size_t at = 0;
  std::size_t largest = 0;
  const ReadBytes source = [&](std::uint8_t* to, std::size_t n_bytes) {
    largest = std::max(largest, n_bytes);
    const std::size_t n = std::min(n_bytes, head.size() - at);
    std::copy_n(head.begin() + static_cast<std::ptrdiff_t>(at), n, to);
    at += n;
    return n;
  };
  CHECK_THROWS_WITH(read_npy("x.npy", claimed, source),
                    Catch::Contains("x.npy: data: the file is cut"));
  CHECK(largest <= 65536);
  const ReadBytes endless = [&](std::uint8_t* to, std::size_t n_bytes) {
    for (std::size_t i = 0; i < n_bytes; ++i) to[i] = at < head.size() ? head[at++] : 0;
    return n_bytes;
  };
  at = 0;
  CHECK_THROWS_AS(read_npy("x.npy", head.size(), endless), TraceError);
  const Bytes file = npy_bytes({"", {8, true}, {2}, {1, 2}});
  const ReadBytes more = [&](std::uint8_t* to, std::size_t n_bytes) {
    for (std::size_t i = 0; i < n_bytes; ++i) to[i] = at < file.size() ? file[at++] : 0;
    return n_bytes;
  };
  at = 0;
  CHECK_THROWS_WITH(read_npy("x.npy", file.size(), more),
                    Catch::Contains("bytes follow the array"));
}

TEST_CASE("npy: any byte of the header changed to any other gives an error or the same values",
          "[unit][exhaustive]") {
  const Tensor tensor{"", {8, true}, {2, 3}, {0x80, 0xff, 0, 1, 2, 0x7f}};
  const Bytes file = npy_bytes(tensor);
  std::size_t n_accepted = 0;
  for (std::size_t at = 0; at < file.size() - tensor.values.size(); ++at) {
    for (unsigned change = 1; change < 256; ++change) {
      Bytes changed = file;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      if (!error(changed).empty()) continue;
      ++n_accepted;
      const Tensor got = read(changed).tensor;  // |u1 and other blanks mean the same patterns
      INFO("byte " << at << " ^ " << change);
      REQUIRE(got.values == tensor.values);
      REQUIRE(got.shape == tensor.shape);
    }
  }
  CHECK(n_accepted > 0);
  CHECK(n_accepted < 300);  // of 32640
}

TEST_CASE("npy: a forged header is an error that names the field and the fix", "[unit]") {
  struct Forged {
    std::string text;
    std::string error;
  };
  const std::string nine = "(1, 1, 1, 1, 1, 1, 1, 1, 1)";
  const Forged forged[] = {
      {dict("<f4", "False", "(1,)"), "descr: <f4 is neither integers nor float16"},
      {dict("|O", "False", "(1,)"), "descr: |O"},
      {dict("|i2", "False", "(1,)"), "descr: |i2"},
      {dict("=i2", "False", "(1,)"), "descr: =i2"},
      {dict("<i3", "False", "(1,)"), "descr: <i3"},
      {dict("<b1", "False", "(1,)"), "descr: <b1"},
      {dict("", "False", "(1,)"), "descr: "},
      {"{'descr': [('a', '|i1')], 'fortran_order': False, 'shape': (1,), }", "descr: a structure"},
      {dict("|i1", "1", "(1,)"), "fortran_order is not True or False"},
      {dict("|i1", "Truely", "(1,)"), "header: no ','"},
      {dict("|i1", "False", "(-1,)"), "shape: a dimension is not a number"},
      {dict("|i1", "False", "(1.0,)"), "header: no ','"},
      {dict("|i1", "False", "(1e9,)"), "header: no ','"},
      {dict("|i1", "False", "(0x1,)"), "header: no ','"},
      {dict("|i1", "False", "(01,)"), "leading zeros"},
      {dict("|i1", "False", "(1L,)"), "header: no ','"},
      {dict("|i1", "False", "(,)"), "shape: a dimension is not a number"},
      {dict("|i1", "False", "(1)"), "the shape is not a tuple"},
      {dict("|i1", "False", "(1 1)"), "no ','"},
      {dict("|i1", "False", "((1,),)"), "shape: a dimension is not a number"},
      {dict("|i1", "False", "[1]"), "no '('"},
      {dict("|i1", "False", "None"), "no '('"},
      {dict("|i1", "False", nine), "shape: more than 8 dimensions"},
      {dict("|i1", "False", "(4294967296,)"), "shape: a dimension is over 2^32 - 1"},
      {dict("|i1", "False", "(99999999999999999999999999,)"), "shape: a dimension is over"},
      {dict("|i1", "False", "(4294967295, 2)"), "shape: more than 2^32 - 1 values"},
      {dict("|i1", "False", "(65536, 65536, 65536, 65536)"), "shape: more than 2^32 - 1 values"},
      {dict("<i8", "False", "(4294967295,)"), "4294967295 values of 8 bytes, but 1 bytes"},
      {dict("|i1", "False", "(0,)"), "0 values of 1 bytes, but 1 bytes of data"},
      {"{'descr': '|i1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", "twice"},
      {"{'descr': '|i1', 'fortran_order': False, }", "not all of descr, fortran_order and shape"},
      {"{'descr': '|i1', 'fortran_order': False, 'shape': (1,), 'more': 1}", "unknown"},
      {"{'descr': '|\\x69' '1', 'fortran_order': False, 'shape': (1,), }", "not plain ASCII"},
      {"{'d\xc3\xa9scr': '|i1', 'fortran_order': False, 'shape': (1,), }", "not plain ASCII"},
      {"{'descr': '|i' '1', 'fortran_order': False, 'shape': (1,), }", "descr: |i is neither"},
      {"{'descr': '|i1', 'fortran_order': False, 'shape': (1,), } or {}", "text after the dict"},
      {"{'descr': '|i1', 'fortran_order': False, 'shape': (1,), }" + std::string(1, '\0'), "text"},
      {"dict(descr='|i1', fortran_order=False, shape=(1,))", "no '{'"},
      {"{'descr", "header: no '''"},
      {"{", "header: no string"},
      {"", "header: no '{'"},
      {std::string(60000, '{'), "header: no string"},
      {std::string(60000, ' '), "header: no '{'"},
  };
  for (const Forged& f : forged) {
    const std::string got = error(make_file(f.text, {0}));
    INFO(f.text.substr(0, 100) << " -> " << got);
    CHECK_THAT(got,
               Catch::StartsWith("x.npy: ") && Catch::Contains(f.error) && Catch::Contains("; "));
  }
  Bytes far = make_file(dict("|i1", "False", "(1,)"), {0}, 2);
  std::fill_n(far.begin() + 8, 4, std::uint8_t{0xff});
  CHECK_THAT(error(far), Catch::Contains("header_len: 4294967295 bytes"));
  CHECK(read(make_file("{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"|i1\"}", {5})).tensor ==
        Tensor{"", {8, true}, {1}, {5}});
}

TEST_CASE("npy: random headers and data never do more than throw TraceError", "[unit]") {
  const std::string words[] = {
      "{", "}", "(", ")", "'descr'", "'shape'", "'fortran_order'", "|i1'", "'", "True", "False",
      ",", ":", "3", " ", "\n",      "'<u2",    "\xff\\",          "-",    "0", "65536"};
  std::mt19937 random(3);
  std::size_t n_errors = 0;
  for (unsigned i = 0; i < 20000; ++i) {
    std::string text = random() % 2 ? dict("|i1", "False", "(3, 1)") : "{";
    for (std::size_t j = random() % 12; j > 0; --j) {
      text.insert(random() % (text.size() + 1), words[random() % std::size(words)]);
    }
    n_errors +=
        !error(make_file(text, Bytes(random() % 8), static_cast<std::uint8_t>(random() % 4)))
             .empty();
  }
  CHECK(n_errors > 10000);
  CHECK(n_errors < 20000);
}

TEST_CASE("npy: a tensor that contradicts itself is not written", "[unit]") {
  CHECK_THROWS_AS(npy_bytes({"t", {8, false}, {3}, {1, 2}}), std::invalid_argument);
  CHECK_THROWS_AS(npy_bytes({"t", {8, false}, {65536, 65536}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(npy_bytes({"t", {0, false}, {1}, {0}}), std::invalid_argument);
  CHECK_THROWS_AS(npy_bytes({"t", {17, false}, {1}, {0}}), std::invalid_argument);
  CHECK_THROWS_AS(npy_bytes({"t", {8, false}, std::vector<std::uint32_t>(kMaxDims + 1, 1), {0}}),
                  std::invalid_argument);
  CHECK_THROWS_WITH(npy_bytes({"t", {4, true}, {2}, {0xf, 0x10}}),
                    Catch::Contains("values[1] of tensor 't' is 16"));
}

TEST_CASE("npy: files that are not there, not files or not writable are errors by name", "[unit]") {
  const auto folder = std::filesystem::temp_directory_path();
  CHECK_THROWS_WITH(read_npy(folder / "no-such.npy"), Catch::Contains("No such file"));
  CHECK_THROWS_WITH(read_npy(folder), Catch::Contains("not a regular file"));
  CHECK_THROWS_AS(write_npy(folder / "no-such" / "x.npy", Tensor{"", {8, false}, {}, {1}}),
                  TraceError);
}

}  // namespace transom
