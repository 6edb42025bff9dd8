// module.cpp — transom._core: the golden model for Python. Each file here binds one subject.
// SPDX-License-Identifier: Apache-2.0
#include "bind.hpp"
#include "transom/files/errors.hpp"

NB_MODULE(_core, m) {
  using namespace transom::bind;
  m.doc() = "The golden model of Transom, in C++: what transom/__init__.py names.";
  nb::exception<transom::files::DataError>(m, "DataError", PyExc_ValueError);
  bind_tensor(m);
  bind_table(m);
  bind_code(m);
  bind_codec(m);
  bind_container(m);
  bind_decoder(m);
  bind_cosim(m);
  bind_foreign(m);
  bind_foreign_tables(m);
  bind_foreign_torch(m);
  bind_foreign_tans_py(m);
}
