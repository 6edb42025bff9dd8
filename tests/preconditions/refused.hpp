// refused.hpp — a call whose argument is refused: the error's type and its three parts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "transom/base/precondition.hpp"

namespace transom::support {

/// The error of a call, if it throws one.
template <class Call>
std::optional<PreconditionError> refusal_of(Call call) {
  try {
    call();
  } catch (const PreconditionError& error) {
    return error;
  }
  return std::nullopt;
}

/// Whether the error names these, and what() all of them.
inline void check_refusal(const std::optional<PreconditionError>& error,
                          const std::string& argument, const std::string& value,
                          const std::string& limit) {
  REQUIRE(error);
  INFO(error->what());
  CHECK_THAT(error->argument(), Catch::Contains(argument));
  CHECK(error->value() == value);
  CHECK_THAT(error->limit(), Catch::Contains(limit));
  CHECK(error->what() ==
        error->function() + ": " + error->argument() + " is " + value + "; " + error->limit());
}

}  // namespace transom::support

/// The call throws a PreconditionError that names argument (a part of it), value and limit (a
/// part).
#define CHECK_REFUSED(call, argument, value, limit)                                              \
  do {                                                                                           \
    INFO(#call);                                                                                 \
    transom::support::check_refusal(                                                             \
        transom::support::refusal_of([&] { static_cast<void>(call); }), argument, value, limit); \
  } while (false)
