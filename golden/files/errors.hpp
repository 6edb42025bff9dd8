// errors.hpp — data from outside that is not what it claims to be, and files that cannot be had.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace transom::files {

/// A file that is missing, cut, forged or of another kind, or that cannot be written: what() names
/// the file, the field and the fix. Programs end with exit code 3.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// "FILE: FIELD: what; fix", printable (base/printable.hpp).
class FileError : public DataError {
 public:
  FileError(const std::string& file, const std::string& field, const std::string& what);
};

}  // namespace transom::files
