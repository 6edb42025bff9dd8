// precondition.cpp — the error of an argument, in words.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/precondition.hpp"

#include <utility>

#include "transom/base/printable.hpp"

namespace transom {

PreconditionError::PreconditionError(std::string function, std::string argument, std::string value,
                                     std::string limit)
    : std::invalid_argument(printable(function + ": " + argument + " is " + value + "; " + limit)),
      function_(std::move(function)),
      argument_(std::move(argument)),
      value_(std::move(value)),
      limit_(std::move(limit)) {}

PreconditionError PreconditionError::within(std::string_view context) const {
  return {std::string(context) + ": " + function_, argument_, value_, limit_};
}

void refuse(std::string_view function, std::string_view argument, std::string_view value,
            std::string_view limit) {
  throw PreconditionError(std::string(function), std::string(argument), std::string(value),
                          std::string(limit));
}

namespace detail {

void refuse_signed(std::string_view function, std::string_view argument, std::int64_t value,
                   std::string_view limit) {
  transom::refuse(function, argument, std::to_string(value), limit);
}

void refuse_unsigned(std::string_view function, std::string_view argument, std::uint64_t value,
                     std::string_view limit) {
  transom::refuse(function, argument, std::to_string(value), limit);
}

void refuse_range(std::string_view function, std::string_view argument, std::uint64_t value,
                  std::uint64_t least, std::uint64_t most) {
  refuse_unsigned(
      function, argument, value,
      "must be " + std::to_string(least) + (least == most ? "" : ".." + std::to_string(most)));
}

void refuse_integer(std::string_view function, std::string_view argument, std::int64_t value,
                    std::int64_t least, std::int64_t most) {
  refuse_signed(function, argument, value,
                "must be " + std::to_string(least) + ".." + std::to_string(most));
}

void refuse_field(const char* function, std::uint32_t value, unsigned nbits) {
  if (nbits > 32) refuse_range(function, "nbits", nbits, 0, 32);
  refuse_range(function, "value", value, 0, (std::uint64_t{1} << nbits) - 1);
}

void refuse_symbol(const char* function, unsigned symbol) {
  refuse_unsigned(function, "symbol", symbol, "must have a frequency");
}

void refuse_table_log(const char* function, unsigned R, unsigned want) {
  refuse_range(function, "table log", R, want, want);
}

void refuse_at(std::string_view function, std::string_view argument, std::uint64_t index,
               std::uint64_t value, std::string_view limit) {
  refuse_unsigned(function, std::string(argument) + '[' + std::to_string(index) + ']', value,
                  limit);
}

}  // namespace detail
}  // namespace transom
