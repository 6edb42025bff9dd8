// decoder.cpp — the golden decoder, step by step: what each retired symbol leaves behind.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>

#include "bind.hpp"
#include "transom/base/bits.hpp"
#include "transom/verify/golden_steps.hpp"

namespace transom::bind {
namespace {

/// One stream of a tensor, from its first step on. Steps are the comparator's (golden_steps.hpp).
class Stepper {
 public:
  Stepper(const CodedTensor& tensor, std::size_t stream)
      : dtype_(tensor.dtype), code_(tensor.code) {
    check_coded(tensor, "Decoder");
    require_range("Decoder", "stream", stream, 0, tensor.streams.size() - 1);
    words_ = tensor.streams[stream];
    const Codec& c = codec(code_.coding);
    table_ = c.make_table(code_);
    rows_ = make_row_words(code_);
    kind_ = c.lane;
    left_ = tensor.layout().stream_values(static_cast<std::uint32_t>(stream));
    offsets_ = BitReader(words_.offsets);
    if (left_ != 0)
      steps_ = {verify::make_decoder(kind_, table_.data(), code_.table_log), words_.symbols};
  }
  Stepper(const Stepper&) = delete;

  bool done() const { return left_ == 0; }
  std::uint32_t n_steps() const { return verify::n_steps(kind_, left_); }

  struct Step {
    verify::GoldenStep golden;
    std::array<std::int32_t, 2> values;
    unsigned n_values;
  };
  Step next() {
    Step step{steps_.step(), {}, 0};
    for (; step.n_values < verify::symbols_per_step(kind_) && left_ != 0;
         ++step.n_values, --left_) {
      const symbol_t s = verify::symbol_of(kind_, step.golden.symbol, step.n_values);
      const auto mask = static_cast<value_t>((1u << dtype_.bits) - 1);  // damaged streams go beyond
      const auto value = static_cast<value_t>(read_value(to_row(rows_[s]), offsets_) & mask);
      step.values[step.n_values] = to_integer(value, dtype_);
    }
    return step;
  }

 private:
  DType dtype_;
  Code code_;
  StreamWords words_;
  std::vector<std::uint32_t> table_, rows_;
  LaneKind kind_ = LaneKind::kTans;
  std::uint32_t left_ = 0;  ///< values
  verify::GoldenSteps steps_;
  BitReader offsets_;
};

nb::tuple values_of(const Stepper::Step& step) {
  return step.n_values == 1 ? nb::make_tuple(step.values[0])
                            : nb::make_tuple(step.values[0], step.values[1]);
}

/// (symbols, states, bits, positions) of the steps that are left: at most `n`.
nb::tuple take(Stepper& stepper, const Integer& n) {
  const std::size_t size =
      std::min<std::size_t>(n.to<std::size_t>("Stepper.take", "n"), stepper.n_steps());
  std::vector<std::uint8_t> symbols(size), bits(size);
  std::vector<std::uint64_t> states(size), positions(size);
  without_gil([&] {
    for (std::size_t i = 0; i < size; ++i) {
      const verify::GoldenStep step = stepper.next().golden;
      symbols[i] = step.symbol;
      states[i] = step.state;
      bits[i] = step.take;
      positions[i] = step.position + step.take;
    }
  });
  return nb::make_tuple(to_numpy(std::move(symbols)), to_numpy(std::move(states)),
                        to_numpy(std::move(bits)), to_numpy(std::move(positions)));
}

}  // namespace

void bind_decoder(nb::module_& m) {
  nb::class_<Stepper>(m, "Stepper",
                      "The golden decoder on one stream: transom.golden.Decoder has the words.")
      .def(
          "__init__",
          [](Stepper* to, const CodedTensor& coded, const Integer& stream) {
            new (to) Stepper(coded, stream.to<std::size_t>("Decoder", "stream"));
          },
          nb::arg("coded"), nb::arg("stream"))
      .def_prop_ro("n_steps", &Stepper::n_steps, "Steps that are left.")
      .def(
          "next",
          [](Stepper& stepper) {
            if (stepper.done()) throw nb::stop_iteration();
            const Stepper::Step step = stepper.next();
            return nb::make_tuple(step.golden.symbol, step.golden.state, step.golden.take,
                                  step.golden.position + step.golden.take, values_of(step));
          },
          nb::sig("def next(self) -> tuple[int, int, int, int, tuple[int, ...]]"),
          "(symbol, state, bits, position, values) of the next step. Raises StopIteration after "
          "the last.")
      .def("take", &take, nb::arg("n"),
           nb::sig("def take(self, n: int) -> tuple[numpy.typing.NDArray[numpy.uint8], "
                   "numpy.typing.NDArray[numpy.uint64], numpy.typing.NDArray[numpy.uint8], "
                   "numpy.typing.NDArray[numpy.uint64]]"),
           "(symbols, states, bits, positions) of up to n further steps.");
}

}  // namespace transom::bind
