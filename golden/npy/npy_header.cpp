// npy_header.cpp — a parser for the one dict that numpy writes.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy/npy_header.hpp"

#include <algorithm>
#include <cstddef>

#include "transom/container/container.hpp"
#include "transom/files/errors.hpp"

namespace transom::golden {
namespace {

class HeaderParser {
 public:
  HeaderParser(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  NpyHeader parse() {
    expect('{');
    while (peek() != '}') {
      const std::string_view key = string();
      expect(':');
      value(key);
      if (peek() != '}') expect(',');
    }
    expect('}');
    if (peek() != '\0' || at_ != text_.size()) fail("text after the dict");
    for (const bool seen : {has_descr_, has_order_, has_shape_}) {
      if (!seen) fail("not all of descr, fortran_order and shape are there");
    }
    return header_;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw files::FileError(file_, "header",
                           what + " at byte " + std::to_string(at_) +
                               " of the header; write the file with numpy.save");
  }

  /// The next character that is not blank, '\0' at the end.
  char peek() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  void expect(char c) {
    if (peek() != c) fail(std::string("no '") + c + "'");
    ++at_;
  }

  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  std::string_view string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail("no string");
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] < ' ' || text_[at_] > '~' || text_[at_] == '\\') {
        fail("a string is not plain ASCII");
      }
      ++at_;
    }
    const std::string_view content = text_.substr(start, at_ - start);
    expect(quote);
    return content;
  }

  void value(std::string_view key) {
    if (key == "descr" && !has_descr_) {
      has_descr_ = true;
      descr();
    } else if (key == "fortran_order" && !has_order_) {
      has_order_ = true;
      peek();
      header_.fortran_order = take("True");
      if (!header_.fortran_order && !take("False")) fail("fortran_order is not True or False");
    } else if (key == "shape" && !has_shape_) {
      has_shape_ = true;
      shape();
    } else {
      fail("key '" + std::string(key.substr(0, 32)) + "' twice or unknown");
    }
  }

  /// Byte order, kind, bytes: "<i2". numpy.save writes 'V' for types that numpy does not have, such
  /// as the bfloat16 of ml_dtypes, whose float8_e5m2 it calls "f1".
  void descr() {
    const bool plain = peek() == '\'' || peek() == '"';
    const std::string_view type = plain ? string() : "a structure";
    const auto is_one_of = [&](std::size_t i, std::string_view known) {
      return type.size() == 3 && known.find(type[i]) != std::string_view::npos;
    };
    const bool integers = is_one_of(0, "<>|") && is_one_of(1, "iu") && is_one_of(2, "1248") &&
                          (type[0] != '|' || type[2] == '1');
    const bool floats = is_one_of(0, "<>") && type.substr(1) == "f2";
    const bool f1 = is_one_of(0, "<|") && type.substr(1) == "f1";
    const bool bits = f1 || (is_one_of(0, "<|") && is_one_of(1, "V") && is_one_of(2, "12"));
    if (!integers && !floats && !bits && type != "|b1") {
      throw files::FileError(
          file_, "descr",
          std::string(type.substr(0, 32)) +
              " is neither integers nor float16; quantise the array to int8, uint8, "
              "int16 or uint16 (|i1, |u1, <i2, <u2), or make it float16 (<f2)");
    }
    header_.big_endian = type[0] == '>';
    header_.kind = f1 ? 'V' : type[1];
    header_.item_bytes = static_cast<unsigned>(type[2] - '0');
  }

  /// "()", "(3,)", "(3, 4)", "(3, 4,)": a tuple, and "(3)" is none.
  void shape() {
    expect('(');
    bool comma = false;
    while (peek() != ')') {
      if (!header_.shape.empty() && !comma) fail("no ',' in the shape");
      dimension();
      comma = peek() == ',';
      if (comma) ++at_;
    }
    if (header_.shape.size() == 1 && !comma) fail("the shape is not a tuple");
    expect(')');
  }

  void dimension() {
    const std::size_t start = at_;
    std::uint64_t dim = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && dim <= UINT32_MAX) {
      dim = dim * 10 + static_cast<unsigned>(text_[at_++] - '0');
    }
    if (dim > UINT32_MAX) shape_error("a dimension is over 2^32 - 1; split the array");
    if (at_ == start) shape_error("a dimension is not a number from 0 up; save the array again");
    if (text_[start] == '0' && at_ - start > 1) fail("a number with leading zeros");
    if (header_.shape.size() == kMaxDims) {
      shape_error("more than " + std::to_string(kMaxDims) + " dimensions; reshape the array");
    }
    header_.shape.push_back(static_cast<std::uint32_t>(dim));
  }

  [[noreturn]] void shape_error(const std::string& what) const {
    throw files::FileError(file_, "shape", what);
  }

  const std::string& file_;
  std::string_view text_;
  std::size_t at_ = 0;
  NpyHeader header_;
  bool has_descr_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

}  // namespace

NpyHeader parse_npy_header(const std::string& file, std::string_view text) {
  return HeaderParser(file, text).parse();
}

std::string npy_type(const NpyHeader& header) {
  if (header.kind == 'b') return "bool";
  const char* const kind = header.kind == 'u'   ? "uint"
                           : header.kind == 'i' ? "int"
                           : header.kind == 'f' ? "float"
                                                : "void";
  return kind + std::to_string(8 * header.item_bytes);
}

}  // namespace transom::golden
