// codec.cpp — whole tensors through the codecs, one by one or many on all cores.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "batch.hpp"
#include "bind.hpp"
#include "transom/files/errors.hpp"
#include "transom/plan/plan.hpp"
#include "transom/plan/wide_plan.hpp"

namespace transom::bind {
namespace {

constexpr std::string_view kSearchNames[kSearches] = {"words", "exact", "released"};
constexpr std::string_view kGoalNames[] = {"both", "clocks", "bytes"};

/// Throws a DataError unless all is well.
void check_decoded(const CodedTensor& tensor, const Statuses& decoded) {
  if (decoded.status == Status::kOk) return;
  std::string where;
  for (std::size_t i = 0; i < decoded.streams.size() && where.empty(); ++i) {
    if (decoded.streams[i] == decoded.status) where = ", stream " + std::to_string(i);
  }
  throw files::DataError("tensor '" + tensor.name + "'" + where + ": " +
                         std::string(status_name(decoded.status)) +
                         ": its bytes are not what was encoded; encode the tensor again");
}

/// Decodes, without the interpreter's lock. Throws as check_decoded() does.
void decode_to(NewArray& array, const CodedTensor& tensor) {
  check_decoded(tensor, decode(tensor, array.patterns()));
  array.to_integers();
}

/// The items of a sequence, held: what the caller does with its list meanwhile is its own affair.
template <class T>
class Items {
 public:
  Items(std::string_view function, std::string_view argument, nb::handle sequence) {
    if (!nb::isinstance<nb::iterable>(sequence)) {
      refuse(function, argument, nb::type_name(sequence.type()).c_str(), "must be a list of them");
    }
    for (nb::handle item : nb::borrow<nb::iterable>(sequence)) {
      items_.emplace_back(
          make(function, std::string(argument) + "[" + std::to_string(items_.size()) + "]", item));
      held_.append(item);
    }
  }
  std::size_t size() const { return items_.size(); }
  const auto& operator[](std::size_t i) const { return *items_[i]; }

 private:
  static T make(std::string_view function, const std::string& argument, nb::handle item) {
    if constexpr (std::is_pointer_v<T>) {
      using Bound = std::remove_const_t<std::remove_pointer_t<T>>;
      if (!nb::isinstance<Bound>(item)) {
        refuse(function, argument, nb::type_name(item.type()).c_str(), "must be a CodedTensor");
      }
      return nb::inst_ptr<Bound>(item);
    } else {
      return T(function, argument, item);
    }
  }
  std::vector<T> items_;
  nb::list held_;
};

/// Tells `progress`, a callable or None, how many items are done.
auto teller(const nb::object& progress) {
  return [&progress](std::size_t n_done) {
    if (!progress.is_none()) progress(n_done);
  };
}

PlanOptions plan_options(const std::string& coding, const std::optional<Integer>& table_log,
                         const std::optional<Integer>& rows, const std::string& spread,
                         const std::string& search, const Integer& n_streams,
                         const Integer& chunk) {
  PlanOptions options;
  options.coding = codec_named("encode_best", coding).coding;
  if (table_log) options.table_log = table_log->to<unsigned>("encode_best", "table_log");
  if (rows) options.rows = rows->to<unsigned>("encode_best", "rows");
  options.spread = named<Spread>("encode_best", "spread", kSpreadNames, spread);
  options.search = named<Search>("encode_best", "search", kSearchNames, search);
  options.n_streams = n_streams.to<std::uint32_t>("encode_best", "n_streams");
  options.chunk = chunk.to<std::uint32_t>("encode_best", "chunk");
  return options;
}

void bind_coded(nb::module_& m) {
  nb::class_<StreamWords>(m, "StreamWords", "The bits of a stream in words of 32, bit 0 first.")
      .def_prop_ro(
          "symbols", [](const StreamWords& s) { return to_numpy(s.symbols); }, "uint32.",
          nb::rv_policy::automatic)
      .def_prop_ro(
          "offsets", [](const StreamWords& s) { return to_numpy(s.offsets); }, "uint32.",
          nb::rv_policy::automatic);
  nb::class_<CodedTensor>(m, "CodedTensor",
                          "A tensor as its streams: what encode() gives and containers hold.")
      .def_ro("name", &CodedTensor::name)
      .def_ro("dtype", &CodedTensor::dtype)
      .def_prop_ro("shape", [](const CodedTensor& t) { return to_tuple(t.shape); })
      .def_prop_ro("n_values", [](const CodedTensor& t) { return t.layout().n_values; })
      .def_ro("code", &CodedTensor::code)
      .def_ro("chunk", &CodedTensor::chunk, "Values go to streams in chunks of this many.")
      .def_ro("streams", &CodedTensor::streams, "Their words, copied.")
      .def_prop_ro("n_streams", [](const CodedTensor& t) { return t.streams.size(); })
      .def_ro("checksum", &CodedTensor::checksum, "CRC-32C of the values' patterns.")
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("_repr_html_",
           [](nb::handle self) {
             return nb::str(nb::module_::import_("transom.html").attr("of_coded")(self));
           })
      .def("__repr__", [](const CodedTensor& t) {
        return "<transom.CodedTensor '" + t.name + "': " + std::string(codec(t.code.coding).name) +
               ", " + std::to_string(t.streams.size()) + " streams>";
      });
  nb::class_<Decoded>(m, "Decoded", "What the golden decoder made of a tensor, whatever it holds.")
      .def_prop_ro(
          "status", [](const Decoded& d) { return status_name(d.status); },
          "\"ok\", \"truncated\", ...")
      .def_prop_ro(
          "streams",
          [](const Decoded& d) {
            nb::list list;
            for (const Status s : d.streams) list.append(nb::cast(status_name(s)));
            return nb::typed<nb::list, nb::str>(list);
          },
          "The status of each stream; `status` is the first that is not \"ok\".")
      .def_prop_ro(
          "patterns", [](const Decoded& d) { return to_numpy(d.values); },
          "The values as patterns, uint16, flat.", nb::rv_policy::automatic);
}

void bind_encode(nb::module_& m) {
  m.def(
      "encode",
      [](nb::object tensor, const Code& code, const Integer& streams, const Integer& values) {
        const auto n_streams = streams.to<std::uint32_t>("encode", "n_streams");
        const auto chunk = values.to<std::uint32_t>("encode", "chunk");
        const TensorArgument argument("encode", "tensor", tensor);
        return without_gil([&] { return encode(*argument, code, n_streams, chunk); });
      },
      nb::arg("tensor").none(), nb::arg("code"), nb::arg("n_streams") = 4, nb::arg("chunk") = 1,
      R"(Codes a tensor or an array over at most n_streams streams, 1..65535, values in chunks of `chunk`.

Raises ValueError for what Tensor refuses, a code that is none for its dtype, and a value without a frequency.)");
  m.def(
      "encode_best",
      [](nb::object tensor, const std::string& coding, const std::optional<Integer>& table_log,
         const std::optional<Integer>& rows, const std::string& spread, const std::string& search,
         const Integer& n_streams, const Integer& chunk) {
        const TensorArgument argument("encode_best", "tensor", tensor);
        const PlanOptions options =
            plan_options(coding, table_log, rows, spread, search, n_streams, chunk);
        return without_gil([&] { return encode_best(*argument, options); });
      },
      nb::arg("tensor").none(), nb::arg("coding") = "apack-tans", nb::arg("table_log") = nb::none(),
      nb::arg("rows") = nb::none(), nb::arg("spread") = "tuned", nb::arg("search") = "words",
      nb::arg("n_streams") = 4, nb::arg("chunk") = 1,
      R"(Plans and codes a tensor or an array: the table that takes fewest bits, itself counted, or raw if none shrinks.

coding: one of codecs(). table_log: R; all up to 12 are tried by default. rows: at most this many ranges; all are
tried by default. search: "words" (integers by tANS for the fewest words of their streams, others as "exact"), "exact"
(ranges that no others beat in an ideal coder's bits) or "released" (those of the tools published with Atalanta).
Raises ValueError naming the option that the coding does not have.)");
  m.def(
      "encode_all",
      [](nb::object tensors, const std::string& coding, const std::optional<Integer>& table_log,
         const std::optional<Integer>& rows, const Integer& n_streams, const Integer& chunk,
         const Integer& threads, nb::object progress) {
        const Items<TensorArgument> items("encode_all", "tensors", tensors);
        const PlanOptions options =
            plan_options(coding, table_log, rows, "tuned", "words", n_streams, chunk);
        std::vector<CodedTensor> coded(items.size());
        for_each_item(
            items.size(), threads.to<std::size_t>("encode_all", "threads"),
            [&](std::size_t i) { coded[i] = encode_best(items[i], options); }, teller(progress));
        return coded;
      },
      nb::arg("tensors").none(), nb::arg("coding") = "apack-tans",
      nb::arg("table_log") = nb::none(), nb::arg("rows") = nb::none(), nb::arg("n_streams") = 4,
      nb::arg("chunk") = 1, nb::arg("threads") = 0, nb::arg("progress") = nb::none(),
      "encode_best() of each tensor, on `threads` threads (0: all cores).");
  m.def(
      "encode_wide",
      [](nb::object tensor, const Integer& n_lanes, const Integer& halves,
         const Integer& bytes_per_1000, const std::string& goal) {
        const TensorArgument argument("encode_wide", "tensor", tensor);
        WidePlanOptions options;
        options.n_lanes = n_lanes.to<unsigned>("encode_wide", "n_lanes");
        options.halves = halves.to<unsigned>("encode_wide", "halves");
        options.bytes_per_1000 = bytes_per_1000.to<std::uint32_t>("encode_wide", "bytes_per_1000");
        options.goal = named<WideGoal>("encode_wide", "goal", kGoalNames, goal);
        return without_gil([&] { return encode_wide(*argument, options); });
      },
      nb::arg("tensor").none(), nb::arg("n_lanes") = 16, nb::arg("halves") = 16,
      nb::arg("bytes_per_1000") = 16000, nb::arg("goal") = "both",
      R"(Plans and codes for the wide unit: raw or apack-nrans, over as many streams as cost least.

n_lanes: 1..128. halves: halfwords that the unit takes in a clock. bytes_per_1000: of the bus, in 1000 clocks.
goal: "both", "clocks" or "bytes" is least.)");
}

}  // namespace

void bind_codec(nb::module_& m) {
  bind_coded(m);
  bind_encode(m);
  m.def(
      "try_decode",
      [](const CodedTensor& tensor) { return without_gil([&] { return decode(tensor); }); },
      nb::arg("coded"), "Decodes whatever the streams hold, with a status instead of an error.");
  m.def(
      "decode",
      [](const CodedTensor& tensor) {
        NewArray array(tensor.dtype, tensor.shape);
        without_gil([&] { decode_to(array, tensor); });
        return *array;
      },
      nb::arg("coded"), nb::sig("def decode(coded: CodedTensor) -> NDArray[typing.Any]"),
      R"(The values of a tensor: a new array of numpy's of its shape, int8, uint8, int16 or uint16.

Raises DataError, with the stream and its status, where the streams are not what was encoded.)");
  m.def(
      "decode_all",
      [](nb::object tensors, const Integer& threads, nb::object progress) {
        const Items<const CodedTensor*> items("decode_all", "coded", tensors);
        std::vector<NewArray> arrays;
        for (std::size_t i = 0; i < items.size(); ++i)
          arrays.emplace_back(items[i].dtype, items[i].shape);
        for_each_item(
            items.size(), threads.to<std::size_t>("decode_all", "threads"),
            [&](std::size_t i) { decode_to(arrays[i], items[i]); }, teller(progress));
        nb::list list;
        for (const NewArray& array : arrays) list.append(*array);
        return list;
      },
      nb::arg("coded").none(), nb::arg("threads") = 0, nb::arg("progress") = nb::none(),
      nb::sig("def decode_all(coded: object, threads: int = 0, progress: object | None = None) -> "
              "list[NDArray[typing.Any]]"),
      "decode() of each, on `threads` threads (0: all cores).");
}

}  // namespace transom::bind
