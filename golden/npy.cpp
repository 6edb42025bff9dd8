// npy.cpp — reading in pieces, so that a forged size costs nothing; writing as numpy.save does.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <string_view>

#include "transom/container/container.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/npy_header.hpp"

namespace transom::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeaderBytes = 65535;  ///< what version 1.0 can state
constexpr std::size_t kPieceBytes = 65536;      ///< a multiple of every item's size
/// Of the first value in the file. numpy also reserves digits for the first dimension to grow,
/// which moves no value: with kMaxDims dimensions that numpy can count, 128 bytes hold all of it.
constexpr std::size_t kAlignment = 64;

/// A source that counts, and that throws instead of ending early.
class Input {
 public:
  Input(const std::string& file, std::uint64_t n_bytes, const ReadBytes& read)
      : file_(file), left_(n_bytes), read_(read) {}

  std::uint64_t left() const { return left_; }

  void take(std::span<std::uint8_t> to, const char* field) {
    while (!to.empty()) {
      const std::size_t n = left_ == 0 ? 0 : read_(to.data(), to.size());
      if (n == 0 || n > std::min<std::uint64_t>(left_, to.size()))
        fail(field, "the file is cut; copy or record it again");
      left_ -= n;
      to = to.subspan(n);
    }
  }
  std::uint32_t little_endian(std::size_t n_bytes, const char* field) {
    std::array<std::uint8_t, 4> bytes{};
    take(std::span(bytes).first(n_bytes), field);
    return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
           std::uint32_t{bytes[3]} << 24;
  }
  void expect_end() {
    std::uint8_t more;
    if (read_(&more, 1) != 0) fail("data", "bytes follow the array; save it again");
  }
  [[noreturn]] void fail(const std::string& field, const std::string& what) const {
    throw TraceError(file_, field, what);
  }

 private:
  const std::string& file_;
  std::uint64_t left_;  ///< bytes of the claimed size that are left
  const ReadBytes& read_;
};

NpyHeader read_header(const std::string& file, Input& in) {
  std::array<std::uint8_t, 8> start{};  // magic, major, minor
  in.take(start, "magic");
  if (!std::equal(kMagic.begin(), kMagic.end(), start.begin(),
                  [](char c, std::uint8_t b) { return static_cast<std::uint8_t>(c) == b; })) {
    in.fail("magic", "this is not a .npy file; write it with numpy.save");
  }
  if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
    in.fail("version", std::to_string(start[6]) + "." + std::to_string(start[7]) +
                           " is not 1.0, 2.0 or 3.0; write the file with numpy.save");
  }
  const std::uint32_t n_bytes = in.little_endian(start[6] == 1 ? 2 : 4, "header_len");
  if (n_bytes > kMaxHeaderBytes || n_bytes > in.left()) {
    in.fail("header_len", std::to_string(n_bytes) + " bytes are more than the file has or than " +
                              std::to_string(kMaxHeaderBytes) + "; copy or record it again");
  }
  std::vector<std::uint8_t> text(n_bytes);
  in.take(text, "header");
  return parse_npy_header(file, std::string(text.begin(), text.end()));
}

constexpr std::string_view kHalf = "fp16";  ///< numpy's float16, by its name here

/// The float type that the items are the bits of: the one asked for, or float16.
DType choose_float(const Input& in, const NpyHeader& header, std::optional<DType> floats) {
  const bool is_half = header.kind == 'f';
  const DType dtype = floats.value_or(*find_dtype(kHalf));
  const bool fits = header.kind != 'b' && 8 * header.item_bytes == dtype.bits;
  if (!fits || (is_half && type_name(dtype) != kHalf)) {
    in.fail("dtype", npy_type(header) + " items are not " + type_name(dtype) +
                         "; save its bits as uint" + std::to_string(dtype.bits) +
                         " or correct the manifest");
  }
  return dtype;
}

DType choose_dtype(const Input& in, const NpyHeader& header, const NpyType& type) {
  const std::optional<unsigned>& bits = type.bits;
  if (type.floats || header.kind == 'f') {
    const DType dtype = choose_float(in, header, type.floats);
    if (bits && *bits != dtype.bits) {
      in.fail("bits", std::to_string(*bits) + " are not those of " + type_name(dtype) +
                          "; correct the manifest");
    }
    return dtype;
  }
  if (header.kind == 'V') {
    in.fail("descr", npy_type(header) +
                         " may be any bits; name their type (bf16, fp16, fp8_e4m3, fp8_e5m2) in a "
                         "manifest as dtype");
  }
  const unsigned file_bits = header.kind == 'b' ? 1 : 8 * header.item_bytes;
  const unsigned most = std::min(file_bits, kMaxValueBits);
  if (bits && (*bits < 1 || *bits > most)) {
    in.fail("bits", std::to_string(*bits) + " is not in 1.." + std::to_string(most) + ", what " +
                        npy_type(header) + " can hold; correct the manifest");
  }
  return {static_cast<std::uint8_t>(bits.value_or(most)), header.kind == 'i'};
}

/// An item as 64-bit two's complement.
std::uint64_t to_item(std::span<const std::uint8_t> bytes, const NpyHeader& header) {
  std::uint64_t raw = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    raw = raw << 8 | bytes[header.big_endian ? bytes.size() - 1 - i : i];
  }
  const unsigned unused = 64 - 8 * header.item_bytes;
  if (header.kind != 'i') return raw;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(raw << unused) >> unused);
}

bool fits(std::uint64_t item, const DType& dtype) {
  if (!dtype.is_signed) return item <= static_cast<std::uint64_t>(dtype.max());
  const auto integer = static_cast<std::int64_t>(item);
  return integer >= dtype.min() && integer <= dtype.max();
}

void append_values(const Input& in, std::span<const std::uint8_t> piece, const NpyHeader& header,
                   const DType& dtype, std::vector<value_t>& values) {
  for (; !piece.empty(); piece = piece.subspan(header.item_bytes)) {
    const std::uint64_t item = to_item(piece.first(header.item_bytes), header);
    if (dtype.is_float()) {
      const std::uint64_t float_bits = item & ((std::uint64_t{1} << dtype.bits) - 1);
      values.push_back(to_pattern(static_cast<std::int32_t>(float_bits), dtype));
      continue;
    }
    if (!fits(item, dtype)) {
      const std::string integer = header.kind == 'i'
                                      ? std::to_string(static_cast<std::int64_t>(item))
                                      : std::to_string(item);
      in.fail("values", "value " + integer + " at index " + std::to_string(values.size()) +
                            (header.fortran_order ? " in file order" : "") + " does not fit " +
                            std::to_string(dtype.bits) +
                            (dtype.is_signed ? " signed" : " unsigned") +
                            " bits; quantise the array or correct the manifest's bits");
    }
    values.push_back(to_pattern(static_cast<std::int32_t>(item), dtype));
  }
}

std::vector<value_t> to_c_order(const std::vector<value_t>& values,
                                std::span<const std::uint32_t> shape) {
  std::vector<std::size_t> stride(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) stride[d - 1] = stride[d] * shape[d];
  std::vector<std::uint32_t> index(shape.size());
  std::vector<value_t> out(values.size());
  std::size_t to = 0;
  for (const value_t value : values) {
    out[to] = value;
    for (std::size_t d = 0; d < shape.size(); ++d) {  // the first index runs fastest
      to += stride[d];
      if (++index[d] < shape[d]) break;
      to -= stride[d] * shape[d];
      index[d] = 0;
    }
  }
  return out;
}

/// 16-bit values that all fit 8 bits of the same sign become 8-bit values.
void narrow(Tensor& tensor) {
  const DType narrow{8, tensor.dtype.is_signed};
  const auto fits_narrow = [&](value_t v) {
    const std::int32_t integer = to_integer(v, tensor.dtype);
    return integer >= narrow.min() && integer <= narrow.max();
  };
  if (!std::all_of(tensor.values.begin(), tensor.values.end(), fits_narrow)) return;
  for (value_t& v : tensor.values) v = to_pattern(to_integer(v, tensor.dtype), narrow);
  tensor.dtype = narrow;
}

/// All that precedes the values.
std::string file_start(const Tensor& tensor) {
  std::string text = "{'descr': '";
  text += tensor.dtype.bits <= 8 ? '|' : '<';
  text += type_name(tensor.dtype) == kHalf ? 'f' : tensor.dtype.is_signed ? 'i' : 'u';
  text += tensor.dtype.bits <= 8 ? '1' : '2';
  text += "', 'fortran_order': False, 'shape': (";
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    if (d != 0) text += ' ';
    text += std::to_string(tensor.shape[d]);
    if (d == 0 || d + 1 < tensor.shape.size()) text += ',';  // (3,) but (3, 4)
  }
  text += "), }";
  const std::size_t before = kMagic.size() + 4;  // version, header_len
  while ((before + text.size() + 1) % kAlignment != 0) text += ' ';
  text += '\n';
  std::string start(kMagic);
  start += '\1';  // version 1.0
  start += '\0';
  start += static_cast<char>(text.size());
  start += static_cast<char>(text.size() >> 8);
  return start + text;
}

void check_tensor(const Tensor& tensor) {
  const std::string of_tensor = " of tensor '" + tensor.name + "'";
  require_range("npy_bytes", "number of dimensions" + of_tensor, tensor.shape.size(), 0, kMaxDims);
  if (const auto n = n_values(tensor.shape); n != tensor.values.size()) {
    refuse("npy_bytes", "number of values" + of_tensor, tensor.values.size(),
           "must be " + (n ? std::to_string(*n) : "below 2^32") + ", as the shape has");
  }
  require_range("npy_bytes", "bits" + of_tensor, tensor.dtype.bits, 1, kMaxValueBits);
  const auto bad = std::find_if(tensor.values.begin(), tensor.values.end(),
                                [&](value_t v) { return v >> tensor.dtype.bits != 0; });
  if (bad != tensor.values.end()) {
    refuse("npy_bytes", "values[" + std::to_string(bad - tensor.values.begin()) + "]" + of_tensor,
           std::uint32_t{*bad}, "must be 0.." + std::to_string((1u << tensor.dtype.bits) - 1));
  }
}

}  // namespace

NpyArray read_npy(const std::string& file, std::uint64_t n_bytes, const ReadBytes& read,
                  const NpyType& type) {
  if (!read) refuse("read_npy", "read", "empty", "must be a function");
  if (type.floats && (!type.floats->is_float() || !type.floats->exists())) {
    refuse("read_npy", "floats", type_name(*type.floats), "must be a float type");
  }
  Input in(file, n_bytes, read);
  const NpyHeader header = read_header(file, in);
  const std::optional<std::uint32_t> n = n_values(header.shape);
  if (!n) in.fail("shape", "more than 2^32 - 1 values; split the array");
  std::uint64_t data_bytes = std::uint64_t{*n} * header.item_bytes;
  if (data_bytes != in.left()) {
    in.fail("shape", std::to_string(*n) + " values of " + std::to_string(header.item_bytes) +
                         " bytes, but " + std::to_string(in.left()) +
                         " bytes of data; copy or record the file again");
  }
  NpyArray array{npy_type(header), {"", choose_dtype(in, header, type), header.shape, {}}};
  std::vector<std::uint8_t> piece;
  for (; data_bytes != 0; data_bytes -= piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(data_bytes, kPieceBytes)));
    in.take(piece, "data");
    append_values(in, piece, header, array.tensor.dtype, array.tensor.values);
  }
  in.expect_end();
  if (header.fortran_order) array.tensor.values = to_c_order(array.tensor.values, header.shape);
  if (!type.bits && header.item_bytes > 2) narrow(array.tensor);
  return array;
}

std::uint64_t regular_file_bytes(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    throw TraceError(
        path.string(), "file",
        error ? error.message() + "; check the path" : "not a regular file; name a file");
  }
  const std::uintmax_t n_bytes = fs::file_size(path, error);
  if (error) throw TraceError(path.string(), "file", error.message() + "; check its permissions");
  return n_bytes;
}

NpyArray read_npy(const fs::path& path, const NpyType& type) {
  const std::uint64_t n_bytes = regular_file_bytes(path);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw TraceError(path.string(), "file", "cannot be opened; check its permissions");
  const ReadBytes read = [&in](std::uint8_t* to, std::size_t n) {
    in.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(n));
    return static_cast<std::size_t>(in.gcount());
  };
  return read_npy(path.string(), n_bytes, read, type);
}

std::string npy_type(const DType& dtype) {
  if (type_name(dtype) == kHalf) return "float16";
  return std::string(dtype.is_signed ? "int" : "uint") + (dtype.bits <= 8 ? "8" : "16");
}

std::vector<std::uint8_t> npy_bytes(const Tensor& tensor) {
  check_tensor(tensor);
  const std::string start = file_start(tensor);
  std::vector<std::uint8_t> bytes(start.begin(), start.end());
  for (const value_t value : tensor.values) {
    const std::int32_t integer = to_integer(value, tensor.dtype);
    bytes.push_back(static_cast<std::uint8_t>(integer));
    if (tensor.dtype.bits > 8) bytes.push_back(static_cast<std::uint8_t>(integer >> 8));
  }
  return bytes;
}

void write_npy(const fs::path& path, const Tensor& tensor) { write_file(path, npy_bytes(tensor)); }

void write_file(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
  files::write_whole(path, bytes);
}

}  // namespace transom::golden
