// generator.hpp — a codec from a coroutine: it yields codecs and is told what they popped.
//
//   Generator<Uniform> pair() {                       // a number of up to 15 bits, behind its
//   width
//     const std::uint32_t width = co_yield Uniform(4);
//     co_yield Uniform(width);
//   }
//   message.push(from_generator(pair), {3, 6});
// To push, the coroutine is told the symbols first, and its codecs are then used from the last to
// the first. A generator yields codecs of one type, which may be a OneOf.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__clang__) && !defined(__cpp_impl_coroutine)
#define __cpp_impl_coroutine 201902L  // clang++ 14 has them, and does not tell libstdc++
#endif
#include <coroutine>
#include <optional>

#include "transom/stack/distribution.hpp"

namespace transom::stack {

template <Codec C>
class Generator {
 public:
  using CodecType = C;
  using Symbol = typename C::Symbol;

  struct promise_type {
    std::optional<C> codec;
    Symbol symbol{};

    struct Answer {
      promise_type* promise;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      Symbol await_resume() const { return std::move(promise->symbol); }
    };
    Answer yield_value(C yielded) {
      codec.emplace(std::move(yielded));
      return {this};
    }
    Generator get_return_object() {
      return Generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const { throw; }
  };

  explicit Generator(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Generator& operator=(Generator&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Generator() {
    if (handle_) handle_.destroy();
  }

  /// On to the next codec; false at the end.
  bool next() {
    handle_.resume();
    return !handle_.done();
  }
  const C& codec() const { return *handle_.promise().codec; }
  /// What the codec's co_yield gives.
  void answer(Symbol symbol) { handle_.promise().symbol = std::move(symbol); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

template <class Start>
class FromGenerator {
 public:
  using Running = std::invoke_result_t<const Start&>;
  using Symbol = std::vector<typename Running::Symbol>;
  explicit FromGenerator(Start start) : start_(std::move(start)) {}

  /// Throws unless there is a symbol for each codec.
  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    std::vector<typename Running::CodecType> codecs;
    for (Running running = start_(); running.next(); running.answer(symbols[codecs.size() - 1])) {
      codecs.push_back(running.codec());
      if (codecs.size() > symbols.size()) {
        refuse("from_generator", "number of symbols", symbols.size(),
               "must be that of the codecs, more");
      }
    }
    require_range("from_generator", "number of symbols", symbols.size(), codecs.size(),
                  codecs.size());
    for (std::size_t i = codecs.size(); i-- > 0;) codecs[i].push(m, symbols[i]);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    Symbol symbols;
    for (Running running = start_(); running.next();) {
      symbols.push_back(running.codec().pop(m));
      running.answer(symbols.back());
    }
    return symbols;
  }

 private:
  Start start_;
};
/// start() begins a Generator. It must not depend on anything that changes.
template <class Start>
FromGenerator<Start> from_generator(Start start) {
  return FromGenerator<Start>(std::move(start));
}

}  // namespace transom::stack
