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
      if (n == 0 || n > left_) fail(field, "the file is cut; copy or record it again");
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

DType choose_dtype(const Input& in, const NpyHeader& header, std::optional<unsigned> bits) {
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
  text += tensor.dtype.is_signed ? 'i' : 'u';
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
  const auto fail = [&](const std::string& what) {
    throw std::invalid_argument("tensor '" + tensor.name + "': " + what);
  };
  if (tensor.shape.size() > kMaxDims || n_values(tensor.shape) != tensor.values.size()) {
    fail(std::to_string(tensor.values.size()) + " values do not fill its shape");
  }
  if (tensor.dtype.bits < 1 || tensor.dtype.bits > kMaxValueBits) {
    fail(std::to_string(tensor.dtype.bits) + " bits");
  }
  const auto bad = std::find_if(tensor.values.begin(), tensor.values.end(),
                                [&](value_t v) { return v >> tensor.dtype.bits != 0; });
  if (bad != tensor.values.end()) {
    fail("pattern " + std::to_string(*bad) + " at index " +
         std::to_string(bad - tensor.values.begin()) + " has more than " +
         std::to_string(tensor.dtype.bits) + " bits");
  }
}

}  // namespace

NpyArray read_npy(const std::string& file, std::uint64_t n_bytes, const ReadBytes& read,
                  std::optional<unsigned> bits) {
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
  NpyArray array{npy_type(header), {"", choose_dtype(in, header, bits), header.shape, {}}};
  std::vector<std::uint8_t> piece;
  for (; data_bytes != 0; data_bytes -= piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(data_bytes, kPieceBytes)));
    in.take(piece, "data");
    append_values(in, piece, header, array.tensor.dtype, array.tensor.values);
  }
  in.expect_end();
  if (header.fortran_order) array.tensor.values = to_c_order(array.tensor.values, header.shape);
  if (!bits && header.item_bytes > 2) narrow(array.tensor);
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

NpyArray read_npy(const fs::path& path, std::optional<unsigned> bits) {
  const std::uint64_t n_bytes = regular_file_bytes(path);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw TraceError(path.string(), "file", "cannot be opened; check its permissions");
  const ReadBytes read = [&in](std::uint8_t* to, std::size_t n) {
    in.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(n));
    return static_cast<std::size_t>(in.gcount());
  };
  return read_npy(path.string(), n_bytes, read, bits);
}

std::string npy_type(const DType& dtype) {
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
