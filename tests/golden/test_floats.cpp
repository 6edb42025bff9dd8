// test_floats.cpp — bf16, fp16 and fp8 through everything that a tensor passes: no bit is lost, and
// an exponent is a range.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "trace_files.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "transom/gpu/host.hpp"
#include "transom/plan/plan.hpp"
#include "transom/plan/wide_plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
using namespace golden;
namespace {

using support::Bytes;
using support::read_text;
using support::TempFolder;
using support::trace_error;
using support::write_text;

constexpr DType kBf16{16, false, 8};

std::vector<DType> float_types() {
  std::vector<DType> types;
  for (std::size_t i = 0; i < kFloatTypes.size(); ++i) types.push_back(float_dtype(i));
  return types;
}

/// The bits of a normal number of the standard deviation `scale`, cut to the type's exponents and
/// mantissa (no subnormals): a weight of a network.
std::uint32_t normal_bits(const DType& dtype, double scale, std::mt19937& random) {
  double sum = -6;  // 12 uniform numbers: the same on every machine
  for (int i = 0; i < 12; ++i) sum += static_cast<double>(random()) / 4294967296.0;
  const double value = sum * scale;
  const unsigned M = dtype.bits - 1u - dtype.exponent_bits;
  const int bias = (1 << (dtype.exponent_bits - 1)) - 1;
  int power = 0;
  const double fraction = std::frexp(std::abs(value), &power);  // in [1/2, 1)
  const int exponent = std::clamp(power - 1 + bias, 0, (1 << dtype.exponent_bits) - 2);
  const auto mantissa = static_cast<std::uint32_t>((2 * fraction - 1) * (1 << M));
  return (value < 0 ? 1u : 0u) << (dtype.bits - 1) | static_cast<std::uint32_t>(exponent) << M |
         (exponent == 0 ? 0 : mantissa);
}

Tensor weights(const DType& dtype, std::uint32_t n, double scale, std::uint32_t seed) {
  std::mt19937 random(seed);
  Tensor tensor{"weights " + type_name(dtype), dtype, {n}, std::vector<value_t>(n)};
  for (value_t& v : tensor.values) {
    v = to_pattern(static_cast<std::int32_t>(normal_bits(dtype, scale, random)), dtype);
  }
  return tensor;
}

/// Every pattern of a type, NaNs, infinities, zeros and subnormals among them, and between them
/// weights, so that it pays to code them.
Tensor every_pattern(const DType& dtype) {
  Tensor tensor = weights(dtype, 3u << 16, 0.02, dtype.bits);
  tensor.name = "all of " + type_name(dtype);
  for (std::uint32_t bits = 0; bits < 1u << dtype.bits; ++bits) {
    tensor.values[3 * bits] = to_pattern(static_cast<std::int32_t>(bits), dtype);
  }
  return tensor;
}

/// Entropy of the exponents by its definition, and the bits of sign and mantissa.
double exponent_entropy(const Tensor& tensor) {
  const unsigned M = tensor.dtype.bits - 1u - tensor.dtype.exponent_bits;
  std::map<std::uint32_t, double> counts;
  for (const value_t v : tensor.values) {
    const auto bits = static_cast<std::uint32_t>(to_integer(v, tensor.dtype));
    ++counts[bits >> M & ((1u << tensor.dtype.exponent_bits) - 1)];
  }
  double entropy = M + 1;
  for (const auto& [exponent, n] : counts) {
    const double p = n / static_cast<double>(tensor.values.size());
    entropy -= p * std::log2(p);
  }
  return entropy;
}

PlanOptions plan_of(Coding coding) {
  PlanOptions options;
  options.coding = coding;
  return options;
}

double bits_per_value(const CodedTensor& coded) {
  return 8.0 * static_cast<double>(record_bytes(coded).coded()) / coded.layout().n_values;
}

/// A .npy of items as they are.
Bytes npy_file(const std::string& descr, const std::vector<std::uint8_t>& data, std::size_t n) {
  std::string text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" +
                     std::to_string(n) + ",), }\n";
  Bytes file{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<std::uint8_t>(text.size()), 0};
  file.insert(file.end(), text.begin(), text.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

/// A folder's manifest that says `record` of its only file.
std::string manifest_of(const std::string& record) {
  return R"({"tensors": [{"file": "w.npy", )" + record + "}]}";
}

}  // namespace

TEST_CASE("floats: a pattern is exponent, sign, mantissa, for every pattern of every type",
          "[unit][exhaustive]") {
  for (const DType& dtype : float_types()) {
    INFO(type_name(dtype));
    const unsigned E = dtype.exponent_bits;
    bool same = true;
    for (std::int32_t bits = 0; bits <= dtype.max(); ++bits) {
      std::string digits;  // sign, exponent, mantissa; first bit first
      for (unsigned i = dtype.bits; i-- > 0;) digits += bits >> i & 1 ? '1' : '0';
      const std::string rotated = digits.substr(1, E) + digits[0] + digits.substr(1 + E);
      const value_t pattern = to_pattern(bits, dtype);
      same =
          same && pattern == std::stoi(rotated, nullptr, 2) && to_integer(pattern, dtype) == bits;
    }
    CHECK(same);
    CHECK(dtype.min() == 0);
    CHECK(find_dtype(type_name(dtype)) == dtype);
  }
  CHECK(find_dtype("int4") == DType{4, true});
  CHECK(find_dtype("uint16") == DType{16, false});
  for (const char* name : {"", "int0", "uint17", "bf17", "fp8", "float16", "fp8_e4m3fn"}) {
    CHECK(!find_dtype(name));
  }
}

TEST_CASE("floats: a type that is none is refused", "[unit]") {
  for (const DType dtype : {DType{16, true, 8}, DType{16, false, 4}, DType{8, false, 8},
                            DType{4, false, 2}, DType{15, false, 8}}) {
    CHECK(!dtype.exists());
    CHECK_THROWS_WITH(to_pattern(0, dtype), Catch::Contains("exponent bits is"));
    CHECK_THROWS_WITH(to_integer(0, dtype), Catch::Contains("no float is like that"));
    const Code code = one_row_code(Coding::kApackTans, dtype);
    CHECK_THAT(why_not_a_code(code, dtype), Catch::Contains("bits of exponent"));
    CHECK_THROWS_AS(npy_bytes({"t", dtype, {1}, {0}}), std::invalid_argument);
  }
  CHECK_THROWS_WITH(float_dtype(kFloatTypes.size()), Catch::Contains("float_dtype: i is 4"));
}

TEST_CASE("floats: every pattern of every type survives every coding, container and decoder",
          "[unit][golden][exhaustive]") {
  for (const DType& dtype : float_types()) {
    const Tensor tensor = every_pattern(dtype);
    std::vector<CodedTensor> coded;
    for (const Codec& c : codecs()) {
      PlanOptions options = plan_of(c.coding);
      options.chunk = 3;
      if (dtype.bits == 16 && c.coding != Coding::kRaw)
        options.table_log = 10;  // for the test's time
      coded.push_back(encode_best(tensor, options));
      INFO(tensor.name << ' ' << c.name);
      CHECK(coded.back().code.coding == c.coding);
    }
    const Parsed one = parse_container(write_container(coded));
    INFO(one.what);
    REQUIRE(one.tensors == coded);
    const std::vector<CodedTensor> for_wide{encode_wide(tensor, {}),
                                            encode(tensor, raw_code(dtype), 1, 1)};
    CHECK(for_wide.front().code.coding == Coding::kApackNrans);
    const Parsed two = parse_container(write_wide_container(for_wide));
    INFO(two.what);
    REQUIRE(two.tensors == for_wide);
    for (const auto* tensors : {&one.tensors, &two.tensors}) {
      for (const CodedTensor& c : *tensors) {
        INFO(tensor.name << ' ' << codec(c.code.coding).name);
        CHECK(c.dtype == dtype);
        const Decoded golden = decode(c), kernel = gpu::decode_by_kernels(c);
        CHECK((golden.status == Status::kOk && golden.values == tensor.values));
        CHECK((kernel.status == Status::kOk && kernel.values == tensor.values));
      }
    }
  }
}

TEST_CASE(
    "floats: weights cost their exponents' entropy, sign and mantissa within 1 %, tables "
    "counted",
    "[unit]") {
  for (const DType& dtype : float_types()) {
    const Tensor tensor = weights(dtype, 200'000, 0.02, 5);
    const double entropy = exponent_entropy(tensor);
    CHECK(entropy_bits(tensor.values, dtype) == Approx(entropy));
    for (const Coding coding : {Coding::kTans, Coding::kRans, Coding::kApackTans,
                                Coding::kApackRans, Coding::kApackAc, Coding::kApackNrans}) {
      const CodedTensor coded = encode_best(tensor, plan_of(coding));
      INFO(tensor.name << ' ' << codec(coding).name << ": entropy " << entropy << ", coded "
                       << bits_per_value(coded));
      CHECK(bits_per_value(coded) <= 1.01 * entropy);
      CHECK(decode(coded).values == tensor.values);
    }
  }
}

TEST_CASE("floats: rows of exponents are among those that are tried", "[unit]") {
  // All exponents, of shares unlike their neighbours', and mantissas in which nothing is to be
  // found.
  for (const DType& dtype : {float_dtype(1), float_dtype(3)}) {
    const unsigned size_log = static_cast<unsigned>(dtype.bits - dtype.exponent_bits);
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
      std::mt19937 random(seed);
      Tensor tensor{"exponents of " + type_name(dtype), dtype, {20'000}, {}};
      std::vector<value_t> starts;
      for (std::uint32_t e = 0; e < 1u << dtype.exponent_bits; ++e) {
        starts.push_back(static_cast<value_t>(e << size_log));
      }
      while (tensor.values.size() < 20'000) {
        const auto e = random() % starts.size();
        if (random() % 97 > e * 41 % 97) continue;
        tensor.values.push_back(
            static_cast<value_t>(starts[e] | random() % (std::uint32_t{1} << size_log)));
      }
      const std::vector<Row> rows = make_rows(starts, dtype.bits);
      const auto counts = row_counts(rows, histogram(tensor.values, dtype.bits));
      const CodedTensor best = encode_best(tensor, plan_of(Coding::kTans));
      for (unsigned R = 6; R <= 12; ++R) {
        const Code code{Coding::kTans, R, Spread::kTuned, quantise(counts, R), rows};
        INFO(tensor.name << " seed " << seed << " R " << R << " rows " << best.code.rows.size());
        CHECK(record_bytes(best).coded() <= record_bytes(encode(tensor, code, 4, 1)).coded());
      }
    }
  }
}

TEST_CASE("floats: what random bits cost is at most a header over their size", "[unit]") {
  std::mt19937 random(3);
  for (const DType& dtype : float_types()) {
    Tensor tensor{"noise", dtype, {3000}, std::vector<value_t>(3000)};
    for (value_t& v : tensor.values) v = static_cast<value_t>(random() & ((1u << dtype.bits) - 1));
    for (const Codec& c : codecs()) {
      const CodedTensor coded = encode_best(tensor, plan_of(c.coding));
      CHECK(coded.code.coding == Coding::kRaw);
      CHECK(record_bytes(coded).coded() <= 3000u * dtype.bits / 8 + 64);
      CHECK(decode(coded).values == tensor.values);
    }
  }
}

TEST_CASE(
    "floats: a container's type is the third bit field of its byte, and no other value is one",
    "[unit][golden]") {
  const auto file = [](const DType& dtype) {
    const Tensor tensor{"", dtype, {2}, {1, 2}};
    return write_container(std::vector{encode(tensor, raw_code(dtype), 1, 1)});
  };
  const std::vector<std::uint8_t> bytes{16 | 2 << 5, 16 | 3 << 5, 8 | 4 << 5, 8 | 5 << 5};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const Bytes good = file(float_dtype(i));
    CHECK(good[17] == bytes[i]);
    for (unsigned type = 0; type < 256; ++type) {
      Bytes forged = good;
      forged[17] = static_cast<std::uint8_t>(type);
      const Parsed parsed = parse_container(forged);
      CHECK((parsed.status == Status::kOk) == (type == bytes[i]));  // else a checksum, if no more
      const unsigned kind = type >> 5, bits = type & 0x1f;
      const bool known =
          kind < 2 ? bits >= 1 && bits <= 16 : kind < 6 && bits == kFloatTypes[kind - 2].bits;
      if (!known) CHECK_THAT(parsed.what, Catch::Contains("value bits: "));
    }
  }
  Bytes forged = file(kBf16);
  forged[17] = 16 | 6 << 5;
  CHECK_THAT(parse_container(forged).what, Catch::Contains("float type 4 is not known"));
  forged[17] = 8 | 2 << 5;
  CHECK_THAT(parse_container(forged).what, Catch::Contains("8 are not those of bf16"));
}

TEST_CASE("floats: a trace of floats is written and read, and says what its files are",
          "[unit][golden]") {
  const TempFolder folder;
  std::vector<Tensor> tensors;
  for (const DType& dtype : float_types()) tensors.push_back(every_pattern(dtype));
  write_trace(folder / "t", tensors, {});
  CHECK(read_trace(folder / "t") == tensors);
  const auto manifest = nlohmann::json::parse(read_text(folder / "t/manifest.json"));
  const std::vector<std::string> descrs{"<u2", "<f2", "|u1", "|u1"};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto& record = manifest["tensors"][i];
    CHECK(record["dtype"] == kFloatTypes[i].name);
    CHECK(record["bits"] == kFloatTypes[i].bits);
    const double entropy = record["entropy_bits"];
    CHECK(entropy == Approx(exponent_entropy(tensors[i])).margin(1e-4));
    const std::string file = read_text(folder / "t" / record["file"].get<std::string>());
    CHECK(file.find("'descr': '" + descrs[i] + "'") != std::string::npos);
    // The file has the floats' own bits: those of value 3 i are i.
    const std::size_t width = tensors[i].dtype.bits / 8;
    const std::size_t start = file.size() - width * tensors[i].values.size();
    for (std::size_t bits = 0; bits < 256; ++bits) {
      REQUIRE(static_cast<std::uint8_t>(file[start + 3 * bits * width]) == bits);
    }
  }
}

TEST_CASE("floats: integers, void and float16 are read as what the manifest says", "[unit]") {
  const TempFolder folder;
  const auto read = [&](const Bytes& file, const std::string& record) {
    support::rewrite(folder / "w.npy", file);
    write_text(folder / "manifest.json", manifest_of(record));
    return read_trace(folder.path()).front();
  };
  const Bytes bits{0x81, 0xbf, 0x00, 0x80};  // bf16: a little below -1; -0
  const std::vector<value_t> bf16{0x7f81, 0x0080};
  for (const char* descr : {"<u2", "<i2", "<V2", "|V2"}) {
    INFO(descr);
    const Tensor tensor = read(npy_file(descr, bits, 2), R"("dtype": "bf16", "bits": 16)");
    CHECK(tensor.dtype == kBf16);
    CHECK(tensor.values == bf16);
  }
  CHECK(read(npy_file(">u2", {0xbf, 0x81, 0x80, 0x00}, 2), R"("dtype": "bf16")").values == bf16);
  CHECK(read(npy_file("|i1", {0xff, 0x38}, 2), R"("dtype": "fp8_e4m3")").values ==
        std::vector<value_t>{0xff, 0x70});
  CHECK(read(npy_file("<f1", {0xff, 0x38}, 2), R"("dtype": "fp8_e5m2")").values ==
        std::vector<value_t>{0xff, 0x70});
  CHECK(read(npy_file("<u2", bits, 2), R"("dtype": "uint16")").dtype == DType{16, false});
  // numpy's float16, named or not, of either byte order; -1 is s=1 e=15 m=0
  const DType fp16{16, false, 5};
  for (const char* record : {R"("dtype": "float16")", R"("dtype": "fp16")", R"("bits": 16)"}) {
    for (const char* descr : {"<f2", ">f2"}) {
      const Bytes data = *descr == '<' ? Bytes{0x00, 0xbc} : Bytes{0xbc, 0x00};
      const Tensor tensor = read(npy_file(descr, data, 1), record);
      CHECK(tensor.dtype == fp16);
      CHECK(tensor.values == std::vector<value_t>{15 << 11 | 1 << 10});
    }
  }
  const Tensor half = read_npy(folder / "w.npy").tensor;
  CHECK(half.dtype == fp16);
}

TEST_CASE("floats: a manifest that is wrong about floats is an error that names the fix",
          "[unit]") {
  struct Lie {
    const char* descr;
    Bytes data;
    const char* record;
    const char* error;
  };
  const Lie lies[] = {
      {"|u1", {1}, R"("dtype": "bf16")", "w.npy: dtype: uint8 items are not bf16"},
      {"<u2", {1, 2}, R"("dtype": "fp8_e5m2")", "w.npy: dtype: uint16 items are not fp8_e5m2"},
      {"<f2", {1, 2}, R"("dtype": "bf16")", "w.npy: dtype: float16 items are not bf16"},
      {"|b1", {1}, R"("dtype": "fp8_e4m3")", "w.npy: dtype: bool items are not fp8_e4m3"},
      {"<u2", {1, 2}, R"("dtype": "bf16", "bits": 8)", "w.npy: bits: 8 are not those of bf16"},
      {"<f2", {1, 2}, R"("bits": 4)", "w.npy: bits: 4 are not those of fp16"},
      {"<V2", {1, 2}, R"("bits": 16)", "w.npy: descr: void16 may be any bits"},
      {"<f1", {1}, R"("dtype": "float8_e5m2")", "w.npy: descr: void8 may be any bits"},
      {"<u2", {1, 2}, R"("dtype": "bf17")", "dtype: the file has uint16, the manifest says bf17"},
      {"<u2", {1, 2}, R"("dtype": "int4")", "dtype: the file has uint16, the manifest says int4"},
      {"<u2",
       {1, 2},
       R"("dtype": "float16")",
       "dtype: the file has uint16, the manifest says float16"},
      {"<f4", {1, 2, 3, 4}, R"("dtype": "fp16")", "descr: <f4 is neither integers nor float16"},
      {"|f2", {1, 2}, R"("dtype": "fp16")", "descr: |f2 is neither integers nor float16"},
      {"|V4", {1, 2, 3, 4}, R"("dtype": "bf16")", "descr: |V4 is neither integers nor float16"},
  };
  const TempFolder folder;
  for (const Lie& lie : lies) {
    support::rewrite(folder / "w.npy", npy_file(lie.descr, lie.data, 1));
    write_text(folder / "manifest.json", manifest_of(lie.record));
    INFO(lie.descr << ' ' << lie.record);
    CHECK_THAT(trace_error(folder.path()), Catch::Contains(lie.error) && Catch::Contains("; "));
  }
  CHECK_THROWS_WITH(read_npy(folder / "w.npy", {.floats = DType{8, true}}),
                    Catch::Contains("read_npy: floats is int8; must be a float type"));
}

}  // namespace transom
