// precondition.hpp — what a function asks of its arguments, and the one error of those that are not
// so.
//
// A check costs its caller a comparison and a branch that is never taken: what throws is out of
// line, and marked as cold. Where a comment says "Throws", it is this error, unless it names
// another. Not checked is what has no size to check against: the steps of decoders over a pointer
// to a table (TansDecoder and its like, decode_stream(), trace_stream()); Codec's take spans and
// look at all of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace transom {

/// An argument that a function does not take: "FUNCTION: ARGUMENT is VALUE; LIMIT". A mistake of
/// the caller: data from outside that is wrong is a Status.
class PreconditionError : public std::invalid_argument {
 public:
  PreconditionError(std::string function, std::string argument, std::string value,
                    std::string limit);
  /// The same, told of something of the caller's: "CONTEXT: FUNCTION: ...".
  PreconditionError within(std::string_view context) const;

  const std::string& function() const { return function_; }
  const std::string& argument() const { return argument_; }
  const std::string& value() const { return value_; }
  const std::string& limit() const { return limit_; }  ///< "must be 1..16"

 private:
  std::string function_, argument_, value_, limit_;
};

#define TRANSOM_COLD [[noreturn, gnu::cold, gnu::noinline]]

TRANSOM_COLD void refuse(std::string_view function, std::string_view argument,
                         std::string_view value, std::string_view limit);
namespace detail {
TRANSOM_COLD void refuse_signed(std::string_view function, std::string_view argument,
                                std::int64_t value, std::string_view limit);
TRANSOM_COLD void refuse_unsigned(std::string_view function, std::string_view argument,
                                  std::uint64_t value, std::string_view limit);
TRANSOM_COLD void refuse_range(std::string_view function, std::string_view argument,
                               std::uint64_t value, std::uint64_t least, std::uint64_t most);
TRANSOM_COLD void refuse_integer(std::string_view function, std::string_view argument,
                                 std::int64_t value, std::int64_t least, std::int64_t most);
/// Of inner loops: the less a call has to prepare, the more of them is inlined.
TRANSOM_COLD void refuse_field(const char* function, std::uint32_t value, unsigned nbits);
TRANSOM_COLD void refuse_symbol(const char* function, unsigned symbol);
TRANSOM_COLD void refuse_table_log(const char* function, unsigned R, unsigned want);
TRANSOM_COLD void refuse_at(std::string_view function, std::string_view argument,
                            std::uint64_t index, std::uint64_t value, std::string_view limit);
}  // namespace detail

#undef TRANSOM_COLD

/// Throws a PreconditionError: `argument` is `value`.
template <std::integral T>
[[noreturn]] constexpr void refuse(std::string_view function, std::string_view argument, T value,
                                   std::string_view limit) {
  if constexpr (std::signed_integral<T>) {
    detail::refuse_signed(function, argument, value, limit);
  } else {
    detail::refuse_unsigned(function, argument, value, limit);
  }
}
/// The same of element `index`: "argument[index]".
template <std::unsigned_integral T>
[[noreturn]] constexpr void refuse_at(std::string_view function, std::string_view argument,
                                      std::uint64_t index, T value, std::string_view limit) {
  detail::refuse_at(function, argument, index, value, limit);
}

/// Throws a PreconditionError unless least <= value <= most.
constexpr void require_range(std::string_view function, std::string_view argument,
                             std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  if (value < least || value > most) [[unlikely]] {
    detail::refuse_range(function, argument, value, least, most);
  }
}

}  // namespace transom
