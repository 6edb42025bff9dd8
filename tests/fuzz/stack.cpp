// stack.cpp — any words as a message: read, popped, pushed back, stored.
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.hpp"
#include "transom/stack/combinators.hpp"
#include "transom/stack/flatten.hpp"

using namespace transom;
using namespace transom::stack;

namespace {

/// What is popped is pushed again, and nothing has changed; or the message is too short.
template <class Geometry, class C>
void pop_and_push(Message<Geometry>& m, const C& codec) {
  const auto before = m;
  try {
    const auto symbol = m.pop(codec);
    m.push(codec, symbol);
    fuzz::claim(m == before, "a push undoes its pop");
    m.pop(codec);
  } catch (const UnderflowError&) {
    m = before;
  } catch (const SlotError&) {
    m = before;
  }
}

template <class Geometry>
void run(fuzz::Input& in) {
  const bool folded = in.flag();
  const std::size_t n_heads = in.flag() ? std::size_t{1} + in.below(64) : std::size_t{1} + in.u32();
  std::vector<std::uint32_t> counts(1u + in.below(9));
  for (std::uint32_t& c : counts) c = in.byte();
  counts.back() += 1;
  const unsigned precision = 12 + in.below(20);
  std::vector<std::uint8_t> codecs(in.below(16));
  for (std::uint8_t& c : codecs) c = in.byte();
  Words words;
  for (std::size_t n = in.rest().size() / 4; n > 0; --n) words.push_back(in.u32());

  auto [status, m] =
      folded ? unflatten<Geometry>(words, n_heads) : unflatten_raw<Geometry>(words, n_heads);
  if (status != Status::kOk) return;
  fuzz::claim((folded ? flatten(m) : flatten_raw(m)) == words,
              "a message is stored as it was read");
  for (const std::uint8_t codec : codecs) {
    switch (codec % 5) {
      case 0:
        pop_and_push(m, lanes(Table::of_counts(counts, precision)));
        break;
      case 1:
        pop_and_push(m, repeat(Counts(counts), 1u + codec / 5u));
        break;
      case 2:
        pop_and_push(m, BigUniform(codec % 65u));
        break;
      case 3:
        pop_and_push(m, Benford<Geometry>());
        break;
      default:
        pop_and_push(m,
                     substack(lanes(Uniform(precision)), Heads(0, (m.heads().size() + 1) / 2, 2)));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  if (in.flag()) {
    run<Rans64x32>(in);
  } else {
    run<Rans64x32Full>(in);
  }
  return 0;
}
