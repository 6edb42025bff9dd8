// errors.hpp — data from outside that is not what it claims to be.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/files/errors.hpp"

namespace transom::golden {

using files::DataError;

}  // namespace transom::golden
