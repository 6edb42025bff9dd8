// stack.hpp — what the files of transom._stack share: a message of either interval, and what a step
// that fails puts back.
//
// Steps keep the interpreter's lock, so that no two work on one message; none calls Python.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "bind.hpp"
#include "transom/stack/message.hpp"

namespace transom::bind {

using stack::Words;
using Heads64 = std::vector<std::uint64_t>;

void bind_message(nb::module_& m);
void bind_steps(nb::module_& m);
void bind_lanes(nb::module_& m);
void bind_real(nb::module_& m);
void bind_sets(nb::module_& m);

/// A message as Python has it, or a view of some heads of one: the same tail, heads of its own.
struct Held {
  Heads64 heads;
  std::shared_ptr<Words> tail;
  unsigned lower_log;
  std::uint64_t loan = 0;                ///< of the heads that are lent now, 0: none are
  std::uint64_t borrowed = 0;            ///< of a view: its loan
  std::vector<std::size_t> places = {};  ///< of the view's heads

  /// work(View&) of the geometry. Throws while heads are lent.
  template <class Work>
  auto on(Work&& work) {
    check_owned();
    if (lower_log == Rans64x32::lower_log) {
      stack::View<Rans64x32> view(heads, *tail);
      return work(view);
    }
    stack::View<Rans64x32Full> view(heads, *tail);
    return work(view);
  }
  void check_owned() const {
    if (loan != 0)
      refuse("message", "heads", "lent", "must be taken back; until then use the view");
  }
};

/// Puts a message back as it was, unless all is done. Between there may be any number of pushes, or
/// pops of at most n_words words.
class Kept {
 public:
  Kept(Held& m, std::size_t n_words)
      : m_(m),
        heads_(m.heads),
        n_left_(m.tail->size() - std::min(n_words, m.tail->size())),
        top_(m.tail->begin() + static_cast<std::ptrdiff_t>(n_left_), m.tail->end()) {}
  ~Kept() {
    if (done_) return;
    m_.heads = std::move(heads_);
    m_.tail->resize(n_left_);
    m_.tail->insert(m_.tail->end(), top_.begin(), top_.end());
  }
  Kept(const Kept&) = delete;
  void done() { done_ = true; }

 private:
  Held& m_;
  Heads64 heads_;
  std::size_t n_left_;
  Words top_;
  bool done_ = false;
};

/// An integer, or those of an array or of a list, whatever its shape, in C order. Throws naming
/// `argument`.
template <class T>
std::vector<T> integers_of(std::string_view function, std::string_view argument,
                           nb::handle object) {
  std::vector<T> numbers;
  const auto name = [&] {
    return std::string(argument) + "[" + std::to_string(numbers.size()) + "]";
  };
  if (nb::isinstance<nb::list>(object) || nb::isinstance<nb::tuple>(object)) {
    bool all = true;  // by themselves: numpy makes floats of some that are of 64 bits
    for (nb::handle item : object) {
      Integer number;
      all = number.load(item.ptr());
      if (!all) break;
      numbers.push_back(number.to<T>(function, name()));
    }
    if (all) return numbers;
    numbers.clear();
  }
  if (PyLong_Check(object.ptr())) {
    Integer number;
    number.load(object.ptr());
    return {number.to<T>(function, argument)};
  }
  nb::object held = nb::borrow(object);
  if (!nb::ndarray_check(held)) held = nb::module_::import_("numpy").attr("asarray")(held);
  const Array array = to_array(function, argument, held);
  if (array.dtype().code == static_cast<std::uint8_t>(nb::dlpack::dtype_code::Float)) {
    refuse(function, argument, "of floats", "must be integers");
  }
  numbers.reserve(array.size());
  visit_type(function, argument, array, [&](auto type) {
    using From = decltype(type);
    for_each_element<From>(array, [&](From n) {
      if constexpr (!std::is_same_v<From, bool>) {
        if (!std::in_range<T>(n)) {
          refuse(function, name(), n,
                 "must be 0.." + std::to_string(std::numeric_limits<T>::max()));
        }
      }
      numbers.push_back(static_cast<T>(n));
    });
  });
  return numbers;
}

/// The same, a number for each of n heads, or one for all. Throws for another number of them.
template <class T>
std::vector<T> for_each_head(std::string_view function, std::string_view argument,
                             nb::handle object, std::size_t n) {
  std::vector<T> numbers = integers_of<T>(function, argument, object);
  if (numbers.size() == 1) numbers.resize(n, numbers[0]);
  require_range(function, "number of " + std::string(argument), numbers.size(), n, n);
  return numbers;
}

/// Data: a number for each of n symbols. Throws for another number of them.
template <class T>
std::vector<T> data_of(nb::handle object, std::size_t n) {
  std::vector<T> numbers = integers_of<T>("push", "data", object);
  require_range("push", "number of data", numbers.size(), n, n);
  return numbers;
}

}  // namespace transom::bind
