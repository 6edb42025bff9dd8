// lanes.cpp — codecs of integers: uniform ones, tables, heads.
// SPDX-License-Identifier: Apache-2.0
#include "lanes.hpp"

namespace transom::bind {
namespace {

using Numbers = std::vector<std::uint64_t>;

/// A codec of a 64-bit number per head. codec(geometry) makes it.
template <class MakeCodec>
class WideLanes final : public AnyLanes {
 public:
  explicit WideLanes(MakeCodec make) : make_(std::move(make)) {}

  std::size_t size() const override { return 1; }
  void push(Held& m, nb::handle data, std::size_t n, bool in_turn) const override {
    check("push", in_turn);
    const auto numbers = data_of<std::uint64_t>(data, n);
    Kept kept(m, 0);
    m.on([&](auto& view) { make_(view).push(view, numbers); });
    kept.done();
  }
  nb::object pop(Held& m, std::size_t n, bool in_turn) const override {
    check("pop", in_turn);
    Kept kept(m, kMostSteps * n);
    Numbers numbers = m.on([&](auto& view) { return make_(view).pop(view); });
    kept.done();
    return nb::cast(to_numpy(std::move(numbers)));
  }
  std::vector<std::uint32_t> cdf(std::size_t) const override {
    refuse("cdf", "codec", "of several steps", "must be of a table");
  }

 private:
  static constexpr std::size_t kMostSteps = stack::BigUniform::kLimbs + 2;  // Benford's
  static void check(std::string_view function, bool in_turn) {
    if (in_turn) {
      refuse(function, "codec", "of several steps", "must be of a distribution to be in turn");
    }
  }
  MakeCodec make_;
};
template <class MakeCodec>
Lanes wide_lanes(MakeCodec make) {
  return {std::make_shared<const WideLanes<MakeCodec>>(std::move(make))};
}

Lanes uniform(nb::handle precision) {
  const auto R = integers_of<std::uint32_t>("uniform", "precision", precision);
  return lanes_of(R.size(), [&](std::size_t i) { return stack::Uniform(R[i]); });
}

Lanes big_uniform(nb::handle precision) {
  const auto given = integers_of<std::uint32_t>("big_uniform", "precision", precision);
  std::vector<unsigned> R(given.begin(), given.end());
  const auto codec = R.size() == 1 ? stack::BigUniform(R[0]) : stack::BigUniform(std::move(R));
  return wide_lanes([codec](const auto&) -> const stack::BigUniform& { return codec; });
}

template <class Geometry>
const stack::Benford<Geometry>& benford_of(const stack::View<Geometry>&) {
  static const stack::Benford<Geometry> codec;
  return codec;
}

Lanes table(nb::handle rows, const Integer& n_rows, const Integer& precision) {
  const auto all = integers_of<std::uint32_t>("table", "cdf", rows);
  const auto n = n_rows.to<std::size_t>("table", "n_rows");
  const auto R = precision.to<unsigned>("table", "precision");
  const std::size_t size = n == 0 ? 0 : all.size() / n;
  return lanes_of(n, [&](std::size_t i) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(i * size);
    return stack::Table({first, first + static_cast<std::ptrdiff_t>(size)}, R);
  });
}

}  // namespace

void bind_lanes(nb::module_& m) {
  nb::class_<Lanes>(m, "Lanes", "A codec of transom's own: a symbol per head, or one_head().")
      .def(
          "push",
          [](const Lanes& c, Held& message, nb::handle data) {
            c.lanes->push(message, data, c.n_symbols(message), c.in_turn);
          },
          nb::arg("message"), nb::arg("data").none(),
          R"(Codes an integer, or an array or list of them, one per head, from the last to the first.

Raises ValueError, and changes nothing, for a symbol without slots, and for another number of them.)")
      .def(
          "pop",
          [](const Lanes& c, Held& message) {
            return c.lanes->pop(message, c.n_symbols(message), c.in_turn);
          },
          nb::arg("message"), nb::sig("def pop(self, message: Message) -> NDArray[typing.Any]"),
          R"(What was pushed, uint32 (n_heads,), of 64-bit codecs uint64.

Raises UnderflowError or SlotError, and changes nothing, where the message was not made so.)")
      .def(
          "cdf",
          [](const Lanes& c, const Integer& number) {
            const auto i = number.to<std::size_t>("cdf", "number");
            require_range("cdf", "number + 1", std::uint64_t{i} + 1, 1, c.lanes->size());
            return to_numpy(c.lanes->cdf(i));
          },
          nb::arg("number") = 0,
          "The integers of distribution `number`: symbol s owns slots [cdf[s], cdf[s + 1]).")
      .def_prop_ro(
          "size", [](const Lanes& c) { return c.lanes->size(); },
          "Distributions: one per head, or 1 for all.");
  m.def(
      "one_head",
      [](const Lanes& codec, const Integer& n_symbols) {
        return Lanes{codec.lanes, true, n_symbols.to<std::size_t>("one_head", "n")};
      },
      nb::arg("codec"), nb::arg("n"));
  m.def("uniform", &uniform, nb::arg("precision").none());
  m.def("big_uniform", &big_uniform, nb::arg("precision").none());
  m.def("benford", [] {
    return wide_lanes([](const auto& view) -> const auto& { return benford_of(view); });
  });
  m.def(
      "benford_high_bits",
      [](const Integer& n_bits, const Integer& precision) {
        const auto bits = n_bits.to<unsigned>("benford_high_bits", "n_bits");
        const auto R = precision.to<unsigned>("benford_high_bits", "precision");
        return lanes_of(1, [&](std::size_t) { return stack::benford_high_bits(bits, R); });
      },
      nb::arg("n_bits"), nb::arg("precision"));
  m.def("table", &table, nb::arg("rows").none(), nb::arg("n_rows"), nb::arg("precision"));
}

}  // namespace transom::bind
