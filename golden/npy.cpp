// npy.cpp — reading in pieces, so that a forged size costs nothing; writing as numpy.save does.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "transom/container/container.hpp"
#include "transom/files/whole.hpp"

namespace transom::golden {
namespace {

namespace fs = std::filesystem;

/// Of the first value in the file. numpy also reserves digits for the first dimension to grow,
/// which moves no value: with kMaxDims dimensions that numpy can count, 128 bytes hold all of it.
constexpr std::size_t kAlignment = 64;

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

}  // namespace

void check_npy(const Tensor& tensor) {
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

NpyArray read_npy(const std::string& file, std::uint64_t n_bytes, const ReadBytes& read,
                  const NpyType& type) {
  NpyReader reader(file, n_bytes, read, type);
  const NpyHeader& header = reader.header();
  NpyArray array{npy_type(header), {"", reader.dtype(), header.shape, {}}};
  Tensor& tensor = array.tensor;
  reader.read(reader.n_values(), tensor.values);
  if (header.fortran_order) tensor.values = to_c_order(tensor.values, header.shape);
  if (reader.has_free_width() && fit_narrowed(tensor.values, tensor.dtype)) {
    for (value_t& v : tensor.values) {
      v = to_pattern(to_integer(v, tensor.dtype), narrowed(tensor.dtype));
    }
    tensor.dtype = narrowed(tensor.dtype);
  }
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

std::vector<std::uint8_t> npy_start(const DType& dtype, std::span<const std::uint32_t> shape) {
  std::string text = "{'descr': '";
  text += dtype.bits <= 8 ? '|' : '<';
  text += type_name(dtype) == kHalf ? 'f' : dtype.is_signed ? 'i' : 'u';
  text += dtype.bits <= 8 ? '1' : '2';
  text += "', 'fortran_order': False, 'shape': (";
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (d != 0) text += ' ';
    text += std::to_string(shape[d]);
    if (d == 0 || d + 1 < shape.size()) text += ',';  // (3,) but (3, 4)
  }
  text += "), }";
  const std::size_t before = kNpyMagic.size() + 4;  // version, header_len
  while ((before + text.size() + 1) % kAlignment != 0) text += ' ';
  text += '\n';
  std::string start(kNpyMagic);
  start += '\1';  // version 1.0
  start += '\0';
  start += static_cast<char>(text.size());
  start += static_cast<char>(text.size() >> 8);
  start += text;
  return {start.begin(), start.end()};
}

void append_items(const Patterns& values, const DType& dtype, std::vector<std::uint8_t>& items) {
  const std::size_t width = dtype.bits <= 8 ? 1 : 2;
  if (const auto* bytes = std::get_if<0>(&values); bytes != nullptr && dtype.bits == 8) {
    if (!dtype.is_float()) return void(items.insert(items.end(), bytes->begin(), bytes->end()));
  }
  std::size_t at = items.size();
  items.resize(at + n_patterns(values) * width);
  const auto append = [&](const auto& span) {
    for (const value_t value : span) {
      const std::int32_t integer = to_integer(value, dtype);
      items[at++] = static_cast<std::uint8_t>(integer);
      if (width == 2) items[at++] = static_cast<std::uint8_t>(integer >> 8);
    }
  };
  std::visit(append, values);
}

std::vector<std::uint8_t> npy_bytes(const Tensor& tensor) {
  check_npy(tensor);
  std::vector<std::uint8_t> bytes = npy_start(tensor.dtype, tensor.shape);
  append_items(tensor.values, tensor.dtype, bytes);
  return bytes;
}

void write_npy(const fs::path& path, const Tensor& tensor) { write_file(path, npy_bytes(tensor)); }

void write_file(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
  files::write_whole(path, bytes);
}

}  // namespace transom::golden
