// module.cpp — transom._stack: messages and codecs, what transom/stack is made of. A module of its
// own: coding tensors does without.
// SPDX-License-Identifier: Apache-2.0
#include "stack.hpp"
#include "transom/stack/distribution.hpp"

NB_MODULE(_stack, m) {
  using namespace transom::bind;
  m.doc() = "Messages and codecs, in C++: transom.stack has the words.";
  const nb::object damaged = nb::module_::import_("transom._core").attr("DataError");
  nb::exception<transom::stack::UnderflowError>(m, "UnderflowError", damaged);
  nb::exception<transom::stack::SlotError>(m, "SlotError", damaged);
  bind_message(m);
  bind_steps(m);
  bind_lanes(m);
  bind_real(m);
  bind_sets(m);
}
