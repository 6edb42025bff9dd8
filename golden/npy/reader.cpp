// reader.cpp — items to patterns, in pieces, so that a forged size costs nothing.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy/reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "transom/files/errors.hpp"

namespace transom::golden {
namespace {

constexpr std::size_t kMaxHeaderBytes = 65535;  ///< what version 1.0 can state
constexpr std::size_t kPieceBytes = 65536;      ///< a multiple of every item's size

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

/// Whether an item's bytes are its pattern, as they lie.
bool are_patterns(const NpyHeader& header, const DType& dtype) {
  const bool as_here =
      header.item_bytes == 1 || header.big_endian == (std::endian::native == std::endian::big);
  return as_here && !dtype.is_float() && header.kind != 'b' && dtype.bits == 8 * header.item_bytes;
}

/// Integers of a byte each to patterns of at most 8 bits; false if one does not fit, and what `to`
/// then holds is of no use. A plain loop, which compilers turn into vectors.
template <class T>
bool narrow_bytes(std::span<const std::uint8_t> items, const DType& dtype, T* to) {
  const auto mask = static_cast<std::uint8_t>((1u << dtype.bits) - 1);
  const auto least = static_cast<std::uint8_t>(dtype.is_signed ? 1u << (dtype.bits - 1) : 0u);
  std::uint8_t beyond = 0;  // an item that fits is below 2^W, counted from the least one
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint8_t item = items[i];
    beyond = static_cast<std::uint8_t>(beyond | ((item + least) & ~mask & 0xff));
    to[i] = static_cast<T>(item & mask);
  }
  return beyond == 0;
}

}  // namespace

DType narrowed(const DType& dtype) { return {8, dtype.is_signed}; }

bool fit_narrowed(std::span<const value_t> values, const DType& dtype) {
  const DType narrow = narrowed(dtype);
  return std::all_of(values.begin(), values.end(), [&](value_t v) {
    const std::int32_t integer = to_integer(v, dtype);
    return integer >= narrow.min() && integer <= narrow.max();
  });
}

NpyReader::NpyReader(std::string file, std::uint64_t n_bytes, ReadBytes read, const NpyType& type)
    : file_(std::move(file)), bytes_left_(n_bytes), read_(std::move(read)) {
  if (!read_) refuse("read_npy", "read", "empty", "must be a function");
  if (type.floats && (!type.floats->is_float() || !type.floats->exists())) {
    refuse("read_npy", "floats", type_name(*type.floats), "must be a float type");
  }
  read_header();
  const std::optional<std::uint32_t> n = transom::n_values(header_.shape);
  if (!n) fail("shape", "more than 2^32 - 1 values; split the array");
  if (std::uint64_t{*n} * header_.item_bytes != bytes_left_) {
    fail("shape", std::to_string(*n) + " values of " + std::to_string(header_.item_bytes) +
                      " bytes, but " + std::to_string(bytes_left_) +
                      " bytes of data; copy or record the file again");
  }
  dtype_ = choose_dtype(type);
  free_width_ = !type.bits && header_.item_bytes > 2;
  n_values_ = *n;
}

void NpyReader::fail(const std::string& field, const std::string& what) const {
  throw files::FileError(file_, field, what);
}

/// Throws instead of ending early.
void NpyReader::take(std::span<std::uint8_t> to, const char* field) {
  while (!to.empty()) {
    const std::size_t n = bytes_left_ == 0 ? 0 : read_(to.data(), to.size());
    if (n == 0 || n > std::min<std::uint64_t>(bytes_left_, to.size()))
      fail(field, "the file is cut; copy or record it again");
    bytes_left_ -= n;
    to = to.subspan(n);
  }
}

std::uint32_t NpyReader::little_endian(std::size_t n_bytes, const char* field) {
  std::array<std::uint8_t, 4> bytes{};
  take(std::span(bytes).first(n_bytes), field);
  return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

void NpyReader::read_header() {
  std::array<std::uint8_t, 8> start{};  // magic, major, minor
  take(start, "magic");
  if (!std::equal(kNpyMagic.begin(), kNpyMagic.end(), start.begin(),
                  [](char c, std::uint8_t b) { return static_cast<std::uint8_t>(c) == b; })) {
    fail("magic", "this is not a .npy file; write it with numpy.save");
  }
  if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
    fail("version", std::to_string(start[6]) + "." + std::to_string(start[7]) +
                        " is not 1.0, 2.0 or 3.0; write the file with numpy.save");
  }
  const std::uint32_t n_bytes = little_endian(start[6] == 1 ? 2 : 4, "header_len");
  if (n_bytes > kMaxHeaderBytes || n_bytes > bytes_left_) {
    fail("header_len", std::to_string(n_bytes) + " bytes are more than the file has or than " +
                           std::to_string(kMaxHeaderBytes) + "; copy or record it again");
  }
  std::vector<std::uint8_t> text(n_bytes);
  take(text, "header");
  header_ = parse_npy_header(file_, std::string(text.begin(), text.end()));
}

/// The float type that the items are the bits of: the one asked for, or float16.
DType NpyReader::choose_float(std::optional<DType> floats) const {
  const bool is_half = header_.kind == 'f';
  const DType dtype = floats.value_or(*find_dtype(kHalf));
  const bool fits = header_.kind != 'b' && 8 * header_.item_bytes == dtype.bits;
  if (!fits || (is_half && type_name(dtype) != kHalf)) {
    fail("dtype", npy_type(header_) + " items are not " + type_name(dtype) +
                      "; save its bits as uint" + std::to_string(dtype.bits) +
                      " or correct the manifest");
  }
  return dtype;
}

DType NpyReader::choose_dtype(const NpyType& type) const {
  const std::optional<unsigned>& bits = type.bits;
  if (type.floats || header_.kind == 'f') {
    const DType dtype = choose_float(type.floats);
    if (bits && *bits != dtype.bits) {
      fail("bits", std::to_string(*bits) + " are not those of " + type_name(dtype) +
                       "; correct the manifest");
    }
    return dtype;
  }
  if (header_.kind == 'V') {
    fail("descr", npy_type(header_) +
                      " may be any bits; name their type (bf16, fp16, fp8_e4m3, fp8_e5m2) in a "
                      "manifest as dtype");
  }
  const unsigned file_bits = header_.kind == 'b' ? 1 : 8 * header_.item_bytes;
  const unsigned most = std::min(file_bits, kMaxValueBits);
  if (bits && (*bits < 1 || *bits > most)) {
    fail("bits", std::to_string(*bits) + " is not in 1.." + std::to_string(most) + ", what " +
                     npy_type(header_) + " can hold; correct the manifest");
  }
  return {static_cast<std::uint8_t>(bits.value_or(most)), header_.kind == 'i'};
}

value_t NpyReader::to_value(std::span<const std::uint8_t> bytes, std::uint32_t index) const {
  const std::uint64_t item = to_item(bytes, header_);
  if (dtype_.is_float()) {
    const std::uint64_t float_bits = item & ((std::uint64_t{1} << dtype_.bits) - 1);
    return to_pattern(static_cast<std::int32_t>(float_bits), dtype_);
  }
  if (!fits(item, dtype_)) {
    const std::string integer = header_.kind == 'i'
                                    ? std::to_string(static_cast<std::int64_t>(item))
                                    : std::to_string(item);
    fail("values", "value " + integer + " at index " + std::to_string(index) +
                       (header_.fortran_order ? " in file order" : "") + " does not fit " +
                       std::to_string(dtype_.bits) + (dtype_.is_signed ? " signed" : " unsigned") +
                       " bits; quantise the array or correct the manifest's bits");
  }
  return to_pattern(static_cast<std::int32_t>(item), dtype_);
}

template <class T>
void NpyReader::append(std::size_t n, std::vector<T>& values) {
  require_range("NpyReader::read", "value bits", dtype_.bits, 1, 8 * sizeof(T));
  const bool plain = are_patterns(header_, dtype_);
  const bool bytes = header_.item_bytes == 1 && !dtype_.is_float() && header_.kind != 'b';
  const std::size_t item_bytes = header_.item_bytes;
  for (std::size_t more = std::min<std::size_t>(n, left()); more != 0;) {
    const std::size_t n_items = std::min(more, kPieceBytes / item_bytes);
    const std::size_t begin = values.size();
    if (plain && item_bytes == sizeof(T)) {
      values.resize(begin + n_items);
      take({reinterpret_cast<std::uint8_t*>(&values[begin]), n_items * sizeof(T)}, "data");
    } else {
      piece_.resize(n_items * item_bytes);
      take(piece_, "data");
      values.resize(begin + n_items);
      if (!bytes || !narrow_bytes<T>(piece_, dtype_, &values[begin])) {
        values.resize(begin);
        for (std::size_t i = 0; i < n_items; ++i) {
          const auto item = std::span(piece_).subspan(i * item_bytes, item_bytes);
          values.push_back(static_cast<T>(to_value(item, at_ + static_cast<std::uint32_t>(i))));
        }
      }
    }
    at_ += static_cast<std::uint32_t>(n_items);
    more -= n_items;
  }
  std::uint8_t more_bytes = 0;
  if (left() == 0 && read_(&more_bytes, 1) != 0) {
    fail("data", "bytes follow the array; save it again");
  }
}

template void NpyReader::append(std::size_t, std::vector<std::uint8_t>&);
template void NpyReader::append(std::size_t, std::vector<value_t>&);

}  // namespace transom::golden
