// message.cpp — messages: made, lent, flattened.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>

#include <string>

#include "stack.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/stack/heads.hpp"

namespace transom::bind {
namespace {

constexpr unsigned kLowerLog = Rans64x32::lower_log;

/// work(Geometry()) of [2^lower_log, 2^(lower_log + 32)). Throws for another.
template <class Work>
auto with_geometry(std::string_view function, unsigned lower_log, Work&& work) {
  require_range(function, "lower_log", lower_log, kLowerLog, Rans64x32Full::lower_log);
  return lower_log == kLowerLog ? work(Rans64x32()) : work(Rans64x32Full());
}

template <class Geometry>
Held hold(stack::Message<Geometry> m) {
  return {{m.heads().begin(), m.heads().end()},
          std::make_shared<Words>(std::move(m.tail())),
          Geometry::lower_log};
}

template <class Geometry>
stack::Message<Geometry> copy_of(const Held& m) {
  m.check_owned();
  return {m.heads, *m.tail};
}

Held base_message(const Integer& n_heads, const Integer& lower_log) {
  const auto n = n_heads.to<std::uint32_t>("Message", "n_heads");
  return with_geometry("Message", lower_log.to<unsigned>("Message", "lower_log"),
                       [&](auto g) { return hold(stack::Message<decltype(g)>(n)); });
}

Held message_of(nb::handle heads, nb::handle tail, const Integer& lower_log) {
  auto states = integers_of<std::uint64_t>("Message.of", "heads", heads);
  auto words = integers_of<std::uint32_t>("Message.of", "tail", tail);
  return with_geometry(
      "Message.of", lower_log.to<unsigned>("Message.of", "lower_log"), [&](auto g) {
        return hold(stack::Message<decltype(g)>(std::move(states), std::move(words)));
      });
}

Held lend(Held& m, nb::handle places) {
  static std::uint64_t n_loans = 0;
  m.check_owned();
  const auto which = stack::Heads::at(integers_of<std::size_t>("lend", "places", places));
  Held view{{}, m.tail, m.lower_log};
  for (const std::size_t i : which.indices()) {
    require_range("lend", "place", i, 0, m.heads.size() - 1);
    view.heads.push_back(m.heads[i]);
    view.places.push_back(i);
  }
  m.loan = view.borrowed = ++n_loans;
  return view;
}

void take_back(Held& m, Held& view) {
  if (m.loan == 0 || view.borrowed != m.loan) {
    refuse("take_back", "view", "of another loan", "must be what was lent last");
  }
  view.check_owned();
  m.loan = view.borrowed = 0;
  view.tail = std::make_shared<Words>();
  require_range("take_back", "number of the view's heads", view.heads.size(), view.places.size(),
                view.places.size());
  for (std::size_t i = 0; i < view.heads.size(); ++i) m.heads[view.places[i]] = view.heads[i];
}

void resize(Held& m, const Integer& n_heads) {
  const auto n = n_heads.to<std::uint32_t>("resize", "n_heads");
  with_geometry("resize", m.lower_log, [&](auto g) {
    auto other = stack::with_heads(copy_of<decltype(g)>(m), n);
    m.heads.assign(other.heads().begin(), other.heads().end());
    *m.tail = std::move(other.tail());
  });
}

/// Words as a message, by unflatten() or unflatten_raw(): read(geometry, words, n_heads).
template <class Read>
Held read_words(std::string_view function, nb::handle words, const Integer& n_heads,
                const Integer& lower_log, Read read) {
  const auto flat = integers_of<std::uint32_t>(function, "words", words);
  const auto n = n_heads.to<std::uint32_t>(function, "n_heads");
  return with_geometry(function, lower_log.to<unsigned>(function, "lower_log"), [&](auto g) {
    auto found = read(g, flat, n);
    if (found.status != Status::kOk) {
      const std::string text = std::string(function) +
                               ": words: " + std::string(status_name(found.status)) +
                               "; they are not what was flattened, or of other heads";
      PyErr_SetString(nb::module_::import_("transom._core").attr("DataError").ptr(), text.c_str());
      throw nb::python_error();
    }
    return hold(std::move(found.message));
  });
}

void bind_class(nb::module_& m) {
  nb::class_<Held>(m, "Message",
                   R"(rANS heads over a shared tail of words, last in, first out.

Codecs change it in place. A step of transom's own codecs that raises leaves it as it was.)")
      .def(
          "__init__",
          [](Held* self, const Integer& n_heads, const Integer& lower_log) {
            new (self) Held(base_message(n_heads, lower_log));
          },
          nb::arg("n_heads") = 1, nb::arg("lower_log") = kLowerLog,
          R"(A base message: n_heads heads (1 or more) of 2^lower_log, no words.

Heads lie in [2^lower_log, 2^(lower_log + 32)), lower_log 31 (craystack) or 32 (bits-back).)")
      .def_static("of", &message_of, nb::arg("heads").none(), nb::arg("tail").none(),
                  nb::arg("lower_log") = kLowerLog,
                  R"(Of heads and words, the top of the tail last.

Raises ValueError for no heads, and for one outside [2^lower_log, 2^(lower_log + 32)).)")
      .def_prop_ro(
          "heads", [](const Held& h) { return to_numpy(h.heads); },
          "The heads, uint64 (n_heads,): a copy.", nb::rv_policy::automatic)
      .def_prop_ro(
          "tail", [](const Held& h) { return to_numpy(*h.tail); },
          "The words, uint32 (n_words,), top last: a copy.", nb::rv_policy::automatic)
      .def_prop_ro("n_heads", [](const Held& h) { return h.heads.size(); })
      .def_prop_ro(
          "n_words", [](const Held& h) { return h.tail->size(); }, "Words of the tail.")
      .def_ro("lower_log", &Held::lower_log, "31 or 32: log2 of the least head.")
      .def(
          "copy",
          [](const Held& h) {
            h.check_owned();
            return Held{h.heads, std::make_shared<Words>(*h.tail), h.lower_log};
          },
          "The same, by itself.")
      .def(
          "push",
          [](nb::handle self, nb::handle codec, nb::handle data) {
            codec.attr("push")(self, data);
          },
          nb::arg("codec"), nb::arg("data").none(), "codec.push(self, data).",
          nb::sig("def push(self, codec: typing.Any, data: typing.Any) -> None"))
      .def(
          "pop", [](nb::handle self, nb::handle codec) { return codec.attr("pop")(self); },
          nb::arg("codec"), "codec.pop(self).",
          nb::sig("def pop(self, codec: typing.Any) -> typing.Any"))
      .def("resize", &resize, nb::arg("n_heads"),
           R"(Folds the last heads into the first by Benford's law, or pops more from them.

Raises UnderflowError, and changes nothing, where the words are too few for n_heads.)")
      .def("lend", &lend, nb::arg("places").none(),
           R"(The heads of these places, in their order, as a message over the same tail.

Until take_back() the message itself is not to be used. Raises ValueError for a place that is twice there, or nowhere.)")
      .def("take_back", &take_back, nb::arg("view"),
           "Ends lend(): the view's heads come to their places. Raises ValueError for another's.")
      .def(
          "__eq__",
          [](const Held& a, const Held& b) {
            return a.lower_log == b.lower_log && a.heads == b.heads && *a.tail == *b.tail;
          },
          nb::is_operator(), nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__repr__", [](const Held& h) {
        return "<transom.stack.Message: " + std::to_string(h.heads.size()) + " heads, " +
               std::to_string(h.tail->size()) + " words>";
      });
}

}  // namespace

void bind_message(nb::module_& m) {
  bind_class(m);
  m.def(
      "is_base",
      [](const Held& h) {
        return h.tail->empty() && std::all_of(h.heads.begin(), h.heads.end(), [&](std::uint64_t x) {
                 return x == std::uint64_t{1} << h.lower_log;
               });
      },
      nb::arg("message"), "Whether nothing is in it.");
  m.def(
      "flatten_raw",
      [](const Held& h) {
        return to_numpy(with_geometry("flatten_raw", h.lower_log, [&](auto g) {
          return stack::flatten_raw(copy_of<decltype(g)>(h));
        }));
      },
      nb::arg("message"),
      "uint32 (2 n_heads + n_words,): high halves of the heads, low halves, words from the top.");
  m.def(
      "flatten",
      [](const Held& h) {
        return to_numpy(with_geometry("flatten", h.lower_log, [&](auto g) {
          return stack::flatten(copy_of<decltype(g)>(h));
        }));
      },
      nb::arg("message"),
      R"(What is stored, uint32: the heads folded into one by Benford's law, then as flatten_raw().

64 new heads are 71 words.)");
  m.def(
      "unflatten_raw",
      [](nb::handle words, const Integer& n_heads, const Integer& lower_log) {
        return read_words("unflatten_raw", words, n_heads, lower_log,
                          [](auto g, const Words& flat, std::size_t n) {
                            return stack::unflatten_raw<decltype(g)>(flat, n);
                          });
      },
      nb::arg("words").none(), nb::arg("n_heads") = 1, nb::arg("lower_log") = kLowerLog,
      "The inverse of flatten_raw(). Raises DataError for words that are no message.");
  m.def(
      "unflatten",
      [](nb::handle words, const Integer& n_heads, const Integer& lower_log) {
        return read_words("unflatten", words, n_heads, lower_log,
                          [](auto g, const Words& flat, std::size_t n) {
                            return stack::unflatten<decltype(g)>(flat, n);
                          });
      },
      nb::arg("words").none(), nb::arg("n_heads") = 1, nb::arg("lower_log") = kLowerLog,
      "The inverse of flatten(). Raises DataError for words that are no message of n_heads.");
}

}  // namespace transom::bind
