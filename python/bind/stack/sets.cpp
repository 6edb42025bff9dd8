// sets.cpp — counted symbols of any class that has an order.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/pair.h>

#include "stack.hpp"
#include "transom/stack/multiset.hpp"

namespace transom::bind {
namespace {

/// a < b, as Python has it.
struct Less {
  bool operator()(const nb::object& a, const nb::object& b) const {
    const nb::object left = a, right = b;
    const int less = PyObject_RichCompareBool(left.ptr(), right.ptr(), Py_LT);
    if (less < 0) throw nb::python_error();
    return less != 0;
  }
};

/// A set is in use while it compares: what compares must not change it.
class PySet {
 public:
  template <class Work>
  auto use(Work work) {
    if (busy_) refuse("CountedSet", "symbols", "being compared", "must not be used by their order");
    struct Busy {
      bool& flag;
      ~Busy() { flag = false; }
    } busy{busy_ = true};
    return work(set_);
  }

 private:
  stack::CountedSet<nb::object, Less> set_;
  bool busy_ = false;
};

using Range = std::pair<std::uint32_t, std::uint32_t>;

}  // namespace

void bind_sets(nb::module_& m) {
  nb::class_<PySet>(m, "CountedSet", "Symbols with their numbers, in their order: a balanced tree.")
      .def(nb::init<>())
      .def(
          "insert",
          [](PySet& set, const nb::object& symbol) { set.use([&](auto& s) { s.insert(symbol); }); },
          nb::arg("symbol").none(), "Once more; raises what comparing raises.")
      .def(
          "erase",
          [](PySet& set, const nb::object& symbol) { set.use([&](auto& s) { s.erase(symbol); }); },
          nb::arg("symbol").none(), "Once less; raises ValueError unless it is there.")
      .def(
          "range_of",
          [](PySet& set, const nb::object& symbol) {
            return set.use([&](auto& s) {
              const RansRange range = s.range_of(symbol);
              return Range(range.cum, range.freq);
            });
          },
          nb::arg("symbol").none(), "(how many are less, how many of it there are).")
      .def(
          "symbol_at",
          [](PySet& set, const Integer& place) {
            const auto i = place.to<std::uint32_t>("symbol_at", "place");
            return set.use([&](auto& s) { return s.owner_of(i).symbol; });
          },
          nb::arg("place"), "The one at a place of all in order; raises ValueError beyond them.")
      .def("__len__", [](PySet& set) { return set.use([](auto& s) { return s.size(); }); });
}

}  // namespace transom::bind
