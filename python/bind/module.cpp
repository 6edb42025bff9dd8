// module.cpp — transom._core: the golden model for Python. Each file here binds one subject.
// SPDX-License-Identifier: Apache-2.0
#include "bind.hpp"
#include "transom/files/errors.hpp"

NB_MODULE(_core, m) {
  m.doc() = "The golden model of Transom, in C++: what transom/__init__.py names.";
  nanobind::exception<transom::files::DataError>(m, "DataError", PyExc_ValueError);
  transom::bind::bind_tensor(m);
  transom::bind::bind_table(m);
  transom::bind::bind_codec(m);
  transom::bind::bind_foreign_torch(m);
  transom::bind::bind_foreign_tans_py(m);
}
