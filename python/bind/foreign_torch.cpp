// foreign_torch.cpp — torch_ans' tables, stream tensors and byte strings: transom.torch's coder.
//
// A stream is an int32 array of rows, each [number of bytes][bytes, padded]. Rows are coded side by
// side. What is no stream, or no symbol's, is a ValueError; a damaged one a DataError.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <tuple>

#include "batch.hpp"
#include "bind.hpp"
#include "foreign.hpp"
#include "transom/base/precondition.hpp"
#include "transom/foreign/torch/torch_cdf.hpp"
#include "transom/foreign/torch/torch_rows.hpp"

namespace transom::bind {
namespace {

using foreign::Bytes;
using foreign::CdfMode;
template <class T, std::size_t kRank>
using Array = nb::ndarray<const T, nb::ndim<kRank>, nb::c_contig, nb::device::cpu>;
using Ints = Array<std::int32_t, 2>;
using IntList = Array<std::int32_t, 1>;
using NumpyInts = nb::ndarray<nb::numpy, std::int32_t>;

template <class T>
std::span<const T> row_of(const Array<T, 2>& rows, std::size_t r) {
  return {rows.data() + r * rows.shape(1), rows.shape(1)};
}
std::span<const std::uint32_t> unsigned_row(const Ints& rows, std::size_t r) {
  const auto row = row_of(rows, r);
  return {reinterpret_cast<const std::uint32_t*>(row.data()), row.size()};
}
std::string at(std::string_view name, std::size_t r) {
  return std::string(name) + "[" + std::to_string(r) + "]";
}

/// Rows of one width, filled up with zeros.
template <class T>
NumpyInts to_rows(const std::vector<std::vector<T>>& rows, std::size_t least_width = 0) {
  std::size_t width = least_width;
  for (const auto& row : rows) width = std::max(width, row.size());
  std::vector<std::int32_t> flat(rows.size() * width);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::copy(rows[r].begin(), rows[r].end(),
              flat.begin() + static_cast<std::ptrdiff_t>(r * width));
  }
  return to_numpy(std::move(flat), {rows.size(), width});
}

template <class To, class From>
std::vector<std::vector<To>> to_lists(const Array<From, 2>& rows) {
  std::vector<std::vector<To>> lists;
  for (std::size_t r = 0; r < rows.shape(0); ++r) {
    const auto row = row_of(rows, r);
    lists.emplace_back(row.begin(), row.end());
  }
  return lists;
}

/// The bytes of row r. Throws DataError where its first word is no length.
Bytes row_bytes(const Ints& stream, std::size_t r) {
  auto [status, bytes] = foreign::from_torch_row(row_of(stream, r));
  if (status != Status::kOk) throw_damaged(at("stream", r), status);
  return std::move(bytes);
}

NumpyInts to_stream(const std::vector<Bytes>& rows, std::size_t least_width = 0) {
  std::vector<std::vector<std::int32_t>> words;
  for (const Bytes& row : rows) words.push_back(foreign::to_torch_row(row));
  return to_rows(words, least_width);
}

const foreign::TorchVariant& variant_of(const std::string& name) {
  const foreign::TorchVariant* variant = foreign::find_torch_variant(name);
  if (variant == nullptr) refuse("torch", "impl", name, "must be one of the twelve variants");
  return *variant;
}

/// Tables with the variant that codes by them.
class Coder {
 public:
  Coder(const std::string& impl, const Ints& cdfs, const IntList& sizes, const IntList& offsets,
        unsigned freq_precision, unsigned bypass_precision)
      : variant_(variant_of(impl)),
        tables_(tables_of(variant_, cdfs, sizes, offsets, freq_precision), freq_precision,
                bypass_precision, variant_.lookup) {}

  NumpyInts push(const Ints& stream, const Ints& indexes, const Ints& symbols) const {
    check_indexes(stream, indexes);
    require_range("push", "rows of symbols", symbols.shape(0), indexes.shape(0), indexes.shape(0));
    require_range("push", "columns of symbols", symbols.shape(1), indexes.shape(1),
                  indexes.shape(1));
    std::vector<Bytes> rows(stream.shape(0));
    for_each_row(rows.size(), symbols.size(), [&](std::size_t r) {
      try {
        auto [status, bytes] = foreign::push_torch_row(
            variant_, tables_, row_bytes(stream, r), unsigned_row(indexes, r), row_of(symbols, r));
        if (status != Status::kOk) throw_damaged(at("stream", r), status);
        rows[r] = std::move(bytes);
      } catch (const PreconditionError& error) {
        throw error.within(at("symbols", r));
      }
    });
    return to_stream(rows, stream.shape(1));
  }

  /// The symbols, what is left of the stream, and whether that is a stream of none.
  std::tuple<NumpyInts, NumpyInts, bool> pop(const Ints& stream, const Ints& indexes) const {
    check_indexes(stream, indexes);
    const std::size_t n = indexes.shape(1);
    std::vector<Bytes> rows(stream.shape(0));
    std::vector<std::int32_t> symbols(indexes.size());
    std::atomic<bool> at_end = true;
    for_each_row(rows.size(), symbols.size(), [&](std::size_t r) {
      auto popped =
          foreign::pop_torch_row(variant_, tables_, row_bytes(stream, r), unsigned_row(indexes, r));
      if (popped.status != Status::kOk) throw_damaged(at("stream", r), popped.status);
      std::copy(popped.symbols.begin(), popped.symbols.end(),
                symbols.begin() + static_cast<std::ptrdiff_t>(r * n));
      rows[r] = std::move(popped.row);
      if (popped.end != Status::kOk) at_end = false;
    });
    return {to_numpy(std::move(symbols), {indexes.shape(0), n}), to_stream(rows, stream.shape(1)),
            at_end.load()};
  }

  /// torch_ans' rows of an alias coder: [cdf][remap] to push with, [cdf][elements] to pop with.
  std::pair<NumpyInts, NumpyInts> alias_rows() const {
    std::vector<std::vector<std::uint32_t>> push(tables_.size()), pop(tables_.size());
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      const auto bounds = tables_.bounds(t).bounds();
      push[t].assign(bounds.begin(), bounds.end());
      pop[t] = push[t];
      const auto& remap = tables_.remap(t);
      push[t].insert(push[t].end(), remap.begin(), remap.end());
      for (const auto& b : tables_.alias(t).buckets()) {
        pop[t].insert(pop[t].end(), {b.divider, b.other, b.own_offset, b.other_offset});
      }
    }
    return {to_rows(push), to_rows(pop)};
  }

 private:
  static std::vector<foreign::TorchTable> tables_of(const foreign::TorchVariant& variant,
                                                    const Ints& cdfs, const IntList& sizes,
                                                    const IntList& offsets, unsigned precision) {
    const std::size_t n = cdfs.shape(0);
    require_range("tables", "length of cdfs_sizes", sizes.size(), n, n);
    require_range("tables", "length of offsets", offsets.size(), n, n);
    require_range("tables", "freq_precision", precision, 0, 31);
    if (variant.lookup != foreign::TorchLookup::kSearch) {  // up to 6 bytes a slot
      require_range("tables", "slots of all cdfs", n << precision, 0, 1 << 28);
    }
    std::vector<foreign::TorchTable> tables;
    for (std::size_t t = 0; t < n; ++t) {
      const auto cdf = unsigned_row(cdfs, t);
      const auto size = static_cast<std::uint32_t>(sizes(t));
      if (size > cdf.size()) {
        refuse("tables", at("cdfs_sizes", t), sizes(t),
               "must be 0.." + std::to_string(cdf.size()) + ", as cdfs are wide");
      }
      tables.push_back({{cdf.begin(), cdf.begin() + size}, offsets(t)});
    }
    return tables;
  }

  void check_indexes(const Ints& stream, const Ints& indexes) const {
    require_range("stream", "rows of indexes", indexes.shape(0), stream.shape(0), stream.shape(0));
    const std::span all(indexes.data(), indexes.size());
    const auto wrong = std::find_if(all.begin(), all.end(), [&](std::int32_t t) {
      return static_cast<std::uint32_t>(t) >= tables_.size();
    });
    if (wrong != all.end()) {
      refuse("tables", "one of indexes", *wrong,
             "must be below the " + std::to_string(tables_.size()) + " tables");
    }
  }

  const foreign::TorchVariant& variant_;
  foreign::TorchTables tables_;
};

void bind_stream(nb::module_& m) {
  m.def(
      "torch_init_stream",
      [](const std::string& impl, std::size_t size, std::size_t n_states, std::size_t room) {
        require_range("init_stream", "size", size, 1, 1 << 24);
        require_range("init_stream", "preallocate_size", room, 0, 1 << 30);
        const Bytes row = foreign::start_torch_row(variant_of(impl), n_states);
        const std::size_t width = 1 + (row.size() + 3) / 4 + room / 4;
        require_range("init_stream", "words of the stream", size * width, 1, std::size_t{1} << 28);
        return to_stream(std::vector<Bytes>(size, row), width);
      },
      nb::arg("impl"), nb::arg("size"), nb::arg("num_interleaves"), nb::arg("preallocate_size"),
      "A stream of `size` rows of no symbols, int32 (size, 1 + words).");
  m.def(
      "torch_byte_strings",
      [](const Ints& stream) {
        std::vector<nb::bytes> strings;
        for (std::size_t r = 0; r < stream.shape(0); ++r) {
          strings.push_back(to_python(row_bytes(stream, r)));
        }
        return strings;
      },
      nb::arg("stream"), "The bytes of each row, without their number.");
  m.def(
      "torch_stream",
      [](const std::vector<nb::bytes>& byte_strings) {
        std::vector<Bytes> rows;
        for (const nb::bytes& s : byte_strings) {
          const auto bytes = bytes_of(s);
          rows.emplace_back(bytes.begin(), bytes.end());
        }
        return to_stream(rows, 1);
      },
      nb::arg("byte_strings"), "The inverse of torch_byte_strings: int32 (rows, 1 + words).");
  m.def(
      "torch_merge_bytes",
      [](const std::vector<nb::bytes>& data, unsigned n_length, std::optional<std::size_t> n) {
        std::vector<Bytes> segments;
        for (const nb::bytes& s : data) {
          const auto bytes = bytes_of(s);
          segments.emplace_back(bytes.begin(), bytes.end());
        }
        return to_python(foreign::merge_bytes(segments, n_length, n));
      },
      nb::arg("data"), nb::arg("num_bytes_length"), nb::arg("num_segments") = nb::none(),
      "[length][bytes] of each segment; of the last one no length where num_segments is given.");
  m.def(
      "torch_split_bytes",
      [](const nb::bytes& data, unsigned n_length, std::optional<std::size_t> n) {
        const foreign::SplitBytes split = foreign::split_bytes(bytes_of(data), n_length, n);
        if (split.status != Status::kOk) throw_damaged("data", split.status);
        std::vector<nb::bytes> segments;
        for (const Bytes& s : split.segments) segments.push_back(to_python(s));
        return segments;
      },
      nb::arg("data"), nb::arg("num_bytes_length"), nb::arg("num_segments") = nb::none(),
      "The inverse of torch_merge_bytes; segments that are not there are empty.");
}

template <class Rows>
std::pair<NumpyInts, NumpyInts> to_tables(const Rows& freqs, const IntList& num_freqs,
                                          unsigned precision, bool bypass) {
  std::vector<std::uint32_t> n;
  for (std::size_t r = 0; r < num_freqs.size(); ++r) {
    n.push_back(static_cast<std::uint32_t>(num_freqs(r)));
    if (n.back() > freqs.shape(1)) {
      refuse("init_params", at("num_freqs", r), num_freqs(r),
             "must be 0.." + std::to_string(freqs.shape(1)) + ", as freqs are wide");
    }
  }
  foreign::CdfRows rows;
  {
    nb::gil_scoped_release release;
    if constexpr (std::is_same_v<Rows, Array<float, 2>>) {
      rows =
          foreign::cdf_of_weights(to_lists<float>(freqs), n, precision, bypass, CdfMode::kUsable);
    } else {
      rows = foreign::cdf_of_freqs(to_lists<std::uint32_t>(freqs), n, precision, bypass,
                                   CdfMode::kUsable);
    }
  }
  return {to_rows(rows.cdf),
          to_numpy(std::vector<std::int32_t>(rows.sizes.begin(), rows.sizes.end()))};
}

void bind_cdf(nb::module_& m) {
  m.def("torch_cdfs_of_weights", to_tables<Array<float, 2>>, nb::arg("freqs"), nb::arg("num_freqs"),
        nb::arg("precision"), nb::arg("bypass"),
        "cdfs and their sizes, as init_params makes them.");
  m.def("torch_cdfs_of_freqs", to_tables<Array<std::uint32_t, 2>>, nb::arg("freqs"),
        nb::arg("num_freqs"), nb::arg("precision"), nb::arg("bypass"), "The same of integers.");
  m.def(
      "torch_pmf_to_cdf",
      [](const Array<float, 2>& pmf, unsigned precision) {
        std::vector<std::vector<std::int32_t>> cdfs;
        for (std::size_t r = 0; r < pmf.shape(0); ++r) {
          cdfs.push_back(foreign::pmf_to_cdf(row_of(pmf, r), precision, CdfMode::kUsable));
        }
        return to_rows(cdfs, pmf.shape(1) + 1);
      },
      nb::arg("pmf"), nb::arg("precision"), "Cumulative counts of each row, int32 (rows, n + 1).");
  m.def(
      "torch_pmf_to_cdf_batched",
      [](const Array<float, 2>& pmf, unsigned precision, bool add_tail, float tail_mass,
         bool normalise) {
        return to_rows(foreign::pmf_to_cdf_batched(to_lists<float>(pmf), precision,
                                                   {add_tail, normalise, tail_mass}));
      },
      nb::arg("pmf"), nb::arg("precision"), nb::arg("add_tail"), nb::arg("tail_mass"),
      nb::arg("normalize"), "The alternative in binary32.");
  m.def(
      "torch_inverse_cdf",
      [](const Ints& cdfs, unsigned precision) {
        std::vector<std::vector<std::uint32_t>> symbols;
        for (std::size_t r = 0; r < cdfs.shape(0); ++r) {
          symbols.push_back(foreign::inverse_cdf(unsigned_row(cdfs, r), precision));
        }
        return to_rows(symbols);
      },
      nb::arg("cdfs"), nb::arg("precision"), "The symbol of each slot, int32 (rows, 2^precision).");
}

}  // namespace

void bind_foreign_torch(nb::module_& m) {
  nb::class_<Coder>(m, "TorchCoder", "torch_ans' tables, and the variant that codes by them.")
      .def(nb::init<const std::string&, const Ints&, const IntList&, const IntList&, unsigned,
                    unsigned>(),
           nb::arg("impl"), nb::arg("cdfs"), nb::arg("cdfs_sizes"), nb::arg("offsets"),
           nb::arg("freq_precision"), nb::arg("bypass_precision"))
      .def("push", &Coder::push, nb::arg("stream"), nb::arg("indexes"), nb::arg("symbols"),
           "The stream with a row of symbols on each of its rows.")
      .def("pop", &Coder::pop, nb::arg("stream"), nb::arg("indexes"),
           "(symbols, the stream without them, whether no symbol is left on it).")
      .def("alias_rows", &Coder::alias_rows, "(rows to push with, rows to pop with) of an alias.");
  bind_stream(m);
  bind_cdf(m);
}

}  // namespace transom::bind
