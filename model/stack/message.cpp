// message.cpp — what a message refuses, out of line.
// SPDX-License-Identifier: Apache-2.0
#include "transom/stack/message.hpp"

#include "transom/stack/flatten.hpp"

namespace transom::stack {

UnderflowError::UnderflowError()
    : std::runtime_error(
          "pop: the message has no word left; begin with more words (random_message), or it was "
          "cut") {}

namespace detail {

void underflow() { throw UnderflowError(); }

void refuse_head(const char* function, std::size_t head, std::size_t n_heads) {
  transom::detail::refuse_range(function, "head", head, 0, n_heads - 1);
}

}  // namespace detail

std::vector<std::size_t> fold_sizes(std::size_t small, std::size_t big) {
  require_range("fold_sizes", "small", small, 1, SIZE_MAX);
  std::vector<std::size_t> sizes{small};
  while (sizes.back() < big) {
    sizes.push_back(sizes.back() > big / 2 ? big : 2 * sizes.back());
  }
  return sizes;
}

}  // namespace transom::stack
