// combinators.hpp — codecs of codecs.
//
// A list of codecs is in the order in which their symbols are popped; what is popped first is
// pushed last. All is known to the compiler: no virtual call, no function pointer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <tuple>
#include <variant>

#include "transom/stack/heads.hpp"

namespace transom::stack {

/// One symbol of each codec.
template <Codec... C>
class Serial {
 public:
  using Symbol = std::tuple<typename C::Symbol...>;
  explicit Serial(C... codecs) : codecs_(std::move(codecs)...) {}

  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    push_from<sizeof...(C)>(m, symbols);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    return std::apply([&](const auto&... codec) { return Symbol{codec.pop(m)...}; }, codecs_);
  }

 private:
  template <std::size_t kLeft, Stack M>
  void push_from(M& m, const Symbol& symbols) const {
    if constexpr (kLeft != 0) {
      std::get<kLeft - 1>(codecs_).push(m, std::get<kLeft - 1>(symbols));
      push_from<kLeft - 1>(m, symbols);
    }
  }
  std::tuple<C...> codecs_;
};
template <Codec... C>
Serial<C...> serial(C... codecs) {
  return Serial<C...>(std::move(codecs)...);
}

/// A symbol of each codec of a list.
template <Codec C>
class SerialList {
 public:
  using Symbol = std::vector<typename C::Symbol>;
  explicit SerialList(std::vector<C> codecs) : codecs_(std::move(codecs)) {}

  /// Throws unless there are as many symbols as codecs.
  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    require_range("serial", "number of symbols", symbols.size(), codecs_.size(), codecs_.size());
    for (std::size_t i = symbols.size(); i-- > 0;) codecs_[i].push(m, symbols[i]);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    Symbol symbols;
    symbols.reserve(codecs_.size());
    for (const C& codec : codecs_) symbols.push_back(codec.pop(m));
    return symbols;
  }

 private:
  std::vector<C> codecs_;
};
template <Codec C>
SerialList<C> serial(std::vector<C> codecs) {
  return SerialList<C>(std::move(codecs));
}

/// n symbols of one codec.
template <Codec C>
class Repeat {
 public:
  using Symbol = std::vector<typename C::Symbol>;
  Repeat(C codec, std::size_t n) : codec_(std::move(codec)), n_(n) {}

  /// Throws unless there are n symbols.
  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    require_range("repeat", "number of symbols", symbols.size(), n_, n_);
    for (std::size_t i = n_; i-- > 0;) codec_.push(m, symbols[i]);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    Symbol symbols;
    symbols.reserve(std::min(n_, kReserved));  // a message may hold fewer
    for (std::size_t i = 0; i < n_; ++i) symbols.push_back(codec_.pop(m));
    return symbols;
  }

 private:
  static constexpr std::size_t kReserved = std::size_t{1} << 16;
  C codec_;
  std::size_t n_;
};
template <Codec C>
Repeat<C> repeat(C codec, std::size_t n) {
  return Repeat<C>(std::move(codec), n);
}

/// A codec on some heads of a message, over its whole tail.
template <Codec C>
class Substack {
 public:
  using Symbol = typename C::Symbol;
  Substack(C codec, Heads heads) : codec_(std::move(codec)), heads_(std::move(heads)) {}

  template <Stack M>
  void push(M& m, const Symbol& symbol) const {
    heads_.on(m, [&](auto& view) { codec_.push(view, symbol); });
  }
  template <Stack M>
  Symbol pop(M& m) const {
    return heads_.on(m, [&](auto& view) { return codec_.pop(view); });
  }
  const Heads& heads() const { return heads_; }

 private:
  C codec_;
  Heads heads_;
};
template <Codec C>
Substack<C> substack(C codec, Heads heads) {
  return Substack<C>(std::move(codec), std::move(heads));
}

/// Codecs on heads of their own: substacks one after the other, which throws if two share a head.
template <Codec... C>
Serial<Substack<C>...> parallel(Substack<C>... parts) {
  check_disjoint({parts.heads()...});
  return Serial<Substack<C>...>(std::move(parts)...);
}

/// n symbols, each with a codec that depends on those before it:
/// p(x) = p(x_0) p(x_1 | x_0) ... p(x_{n-1} | x_0 ... x_{n-2}).
template <class SymbolT, class CodecAfter>
class AutoRegressive {
 public:
  using Symbol = std::vector<SymbolT>;
  AutoRegressive(std::size_t n, CodecAfter codec_after)
      : n_(n), codec_after_(std::move(codec_after)) {}

  /// Throws unless there are n symbols.
  template <Stack M>
  void push(M& m, const Symbol& symbols) const {
    require_range("autoregressive", "number of symbols", symbols.size(), n_, n_);
    for (std::size_t i = n_; i-- > 0;) {
      codec_after_(std::span<const SymbolT>(symbols).first(i)).push(m, symbols[i]);
    }
  }
  template <Stack M>
  Symbol pop(M& m) const {
    Symbol symbols;
    for (std::size_t i = 0; i < n_; ++i) {
      symbols.push_back(codec_after_(std::span<const SymbolT>(symbols)).pop(m));
    }
    return symbols;
  }

 private:
  std::size_t n_;
  CodecAfter codec_after_;
};
/// codec_after(std::span<const Symbol> before) is the codec of symbol number before.size().
template <class Symbol, class CodecAfter>
AutoRegressive<Symbol, CodecAfter> autoregressive(std::size_t n, CodecAfter codec_after) {
  return {n, std::move(codec_after)};
}

/// One of several codecs, for lists and generators of different ones: its symbol tells which.
template <Codec... C>
class OneOf {
 public:
  using Symbol = std::variant<typename C::Symbol...>;
  template <class Chosen>
  requires(std::same_as<Chosen, C> || ...) OneOf(Chosen codec)
      : codec_(std::move(codec)) {}  // NOLINT: a codec of these is one of these

  /// Throws for a symbol of another codec.
  template <Stack M>
  void push(M& m, const Symbol& symbol) const {
    require_range("OneOf::push", "index of the symbol", symbol.index(), codec_.index(),
                  codec_.index());
    push_as<0>(m, symbol);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    return pop_as<0>(m);
  }

 private:
  template <std::size_t kIndex, Stack M>
  void push_as(M& m, const Symbol& symbol) const {
    if (const auto* codec = std::get_if<kIndex>(&codec_)) {
      codec->push(m, std::get<kIndex>(symbol));
    } else if constexpr (kIndex + 1 < sizeof...(C)) {
      push_as<kIndex + 1>(m, symbol);
    }
  }
  template <std::size_t kIndex, Stack M>
  Symbol pop_as(M& m) const {
    if constexpr (kIndex + 1 < sizeof...(C)) {
      if (codec_.index() != kIndex) return pop_as<kIndex + 1>(m);
    }
    return Symbol(std::in_place_index<kIndex>, std::get<kIndex>(codec_).pop(m));
  }
  std::variant<C...> codec_;
};

}  // namespace transom::stack
