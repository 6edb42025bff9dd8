// errors.hpp — data from outside that is not what it claims to be.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace transom::golden {

/// A file that is missing, cut, forged or of another kind: what() names the file, the field and
/// the fix. Programs end with exit code 3.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace transom::golden
