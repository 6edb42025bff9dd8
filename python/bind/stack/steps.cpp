// steps.cpp — the steps that every codec is made of, on all heads at once, for codecs that are
// written in Python: ranges pushed, slots looked at, ranges popped.
// SPDX-License-Identifier: Apache-2.0
#include "stack.hpp"
#include "transom/stack/distribution.hpp"

namespace transom::bind {
namespace {

std::vector<RansRange> ranges_of(std::string_view function, nb::handle starts, nb::handle freqs,
                                 std::size_t n) {
  const auto first = for_each_head<std::uint32_t>(function, "starts", starts, n);
  const auto number = for_each_head<std::uint32_t>(function, "freqs", freqs, n);
  std::vector<RansRange> ranges(n);
  for (std::size_t i = 0; i < n; ++i) ranges[i] = {first[i], number[i]};
  return ranges;
}

/// The slot as one of the range. Throws a SlotError where it lies outside.
RansSlot within(RansRange range, std::uint32_t slot) {
  if (slot < range.cum || slot - range.cum >= range.freq) throw stack::SlotError(slot);
  return {0, range.freq, slot - range.cum};
}

void push_ranges(Held& m, nb::handle starts, nb::handle freqs, nb::handle precision) {
  const std::size_t n = m.heads.size();
  const auto ranges = ranges_of("push_ranges", starts, freqs, n);
  const auto R = for_each_head<std::uint32_t>("push_ranges", "precision", precision, n);
  Kept kept(m, 0);
  m.on([&](auto& view) {
    for (std::size_t i = n; i-- > 0;) stack::push_range(view, i, ranges[i], R[i]);
  });
  kept.done();
}

nb::ndarray<nb::numpy, std::uint32_t> slots(Held& m, nb::handle precision) {
  const std::size_t n = m.heads.size();
  const auto R = for_each_head<std::uint32_t>("slots", "precision", precision, n);
  Words found(n);
  m.check_owned();
  for (std::size_t i = 0; i < n; ++i) {
    require_range("slots", "precision", R[i], 0, m.lower_log);
    found[i] = static_cast<std::uint32_t>(m.heads[i]) & low_bits(R[i]);
  }
  return to_numpy(std::move(found));
}

void pop_ranges(Held& m, nb::handle starts, nb::handle freqs, nb::handle precision) {
  const std::size_t n = m.heads.size();
  const auto ranges = ranges_of("pop_ranges", starts, freqs, n);
  const auto R = for_each_head<std::uint32_t>("pop_ranges", "precision", precision, n);
  Kept kept(m, n);
  m.on([&](auto& view) {
    for (std::size_t i = 0; i < n; ++i) {
      stack::pop_slot(view, i, R[i], [&](std::uint32_t slot) { return within(ranges[i], slot); });
    }
  });
  kept.done();
}

void push_any(Held& m, nb::handle starts, nb::handle freqs, nb::handle n_slots) {
  const std::size_t n = m.heads.size();
  const auto ranges = ranges_of("push_any", starts, freqs, n);
  const auto N = for_each_head<std::uint32_t>("push_any", "n_slots", n_slots, n);
  m.on([&](auto& view) { stack::push_any(view, ranges, N); });
}

nb::ndarray<nb::numpy, std::uint32_t> slots_any(Held& m, nb::handle n_slots) {
  const std::size_t n = m.heads.size();
  const auto N = for_each_head<std::uint32_t>("slots_any", "n_slots", n_slots, n);
  Words found(n);
  m.on([&](auto& view) {
    using Geometry = typename std::remove_cvref_t<decltype(view)>::Geometry;
    stack::detail::check_n_slots<Geometry>("slots_any", N, n);
    for (std::size_t i = 0; i < n; ++i) {
      auto x = m.heads[i];
      RansAnyStep<Geometry>::give(x, N[i], N[i], [](std::uint32_t) {});
      found[i] = static_cast<std::uint32_t>(x % N[i]);
    }
  });
  return to_numpy(std::move(found));
}

void pop_any(Held& m, nb::handle starts, nb::handle freqs, nb::handle n_slots) {
  const std::size_t n = m.heads.size();
  const auto ranges = ranges_of("pop_any", starts, freqs, n);
  const auto N = for_each_head<std::uint32_t>("pop_any", "n_slots", n_slots, n);
  Kept kept(m, n);
  m.on([&](auto& view) {
    stack::pop_any(view, N,
                   [&](std::size_t i, std::uint32_t slot) { return within(ranges[i], slot); });
  });
  kept.done();
}

}  // namespace

void bind_steps(nb::module_& m) {
  m.def("push_ranges", &push_ranges, nb::arg("message"), nb::arg("starts").none(),
        nb::arg("freqs").none(), nb::arg("precision").none(),
        R"(Codes the symbol that owns slots [start, start + freq) of 2^precision, on each head.

Integers, or arrays of (n_heads,); precision 0..lower_log, freq 1..2^precision. Raises ValueError for others.)");
  m.def("slots", &slots, nb::arg("message"), nb::arg("precision").none(),
        "The slot below 2^precision that each head is at, uint32 (n_heads,): whose it is, was "
        "pushed last.");
  m.def("pop_ranges", &pop_ranges, nb::arg("message"), nb::arg("starts").none(),
        nb::arg("freqs").none(), nb::arg("precision").none(),
        R"(The inverse of push_ranges(): the ranges that own the slots().

Raises SlotError where one does not, UnderflowError where words are missing.)");
  m.def("push_any", &push_any, nb::arg("message"), nb::arg("starts").none(),
        nb::arg("freqs").none(), nb::arg("n_slots").none(),
        "push_ranges() of any numbers of slots, 1..2^lower_log, instead of 2^precision.");
  m.def("slots_any", &slots_any, nb::arg("message"), nb::arg("n_slots").none(),
        "slots() of any numbers of slots.");
  m.def("pop_any", &pop_any, nb::arg("message"), nb::arg("starts").none(), nb::arg("freqs").none(),
        nb::arg("n_slots").none(), "The inverse of push_any(); raises as pop_ranges().");
}

}  // namespace transom::bind
