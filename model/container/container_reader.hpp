// container_reader.hpp — a container of version 1 record by record, large ones in pieces: it need
// not fit in memory.
//
// A record comes in pieces where each of its streams has one chunk, so that streams follow each
// other as values do. A piece is a tensor of its own: consecutive values, and no checksum of them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom {

namespace layout {
class ByteReader;
struct Record;
}  // namespace layout

/// Appends the next n bytes of a source that has as many.
using FetchBytes = std::function<void(std::uint64_t n, std::vector<std::uint8_t>& bytes)>;

class ContainerReader {
 public:
  /// @param n_bytes     that the source has
  /// @param most_values of a piece, where its streams are not longer; larger tensors are in pieces
  ContainerReader(std::uint64_t n_bytes, FetchBytes fetch, std::uint64_t most_values);
  ContainerReader(const ContainerReader&) = delete;
  ContainerReader& operator=(const ContainerReader&) = delete;
  ~ContainerReader();

  /// As parse_container() has them; anything but kOk ends the reading.
  Status status() const { return status_; }
  const std::string& what() const { return what_; }
  /// Of version 2 nothing more is read.
  std::uint16_t version() const { return version_; }
  std::uint32_t n_tensors() const { return n_tensors_; }
  std::uint64_t n_bytes_read() const;

  /// The next tensor; nullptr behind the last one, and if the status is not kOk. Throws while
  /// pieces of the one before are left.
  CodedTensor* next();
  /// Whether the tensor has no streams, and next_piece() gives its values.
  bool in_pieces() const;
  /// Nothing behind the last one, and if the status is not kOk. Throws unless in_pieces().
  std::optional<CodedTensor> next_piece();

 private:
  template <class Read>
  void guard(const Read& read);

  std::unique_ptr<layout::ByteReader> in_;
  std::uint64_t most_;
  Status status_ = Status::kOk;
  std::string what_;
  std::uint16_t version_ = 0;
  std::uint32_t n_tensors_ = 0;
  std::uint32_t n_read_ = 0;
  std::unique_ptr<layout::Record> record_;
  std::uint64_t left_ = 0;    ///< values of the record that are in no piece yet
  std::uint32_t stream_ = 0;  ///< the next one
};

}  // namespace transom
