// emit_python.hpp — prints python/transom/spec.py: the numbers of model/spec.hpp for Python.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>

namespace transom {

void emit_python(std::ostream& out);

}  // namespace transom
