// container_reader.cpp — see container_reader.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/container_reader.hpp"

#include <algorithm>
#include <utility>

#include "transom/container/container.hpp"
#include "transom/container/container_bytes.hpp"

namespace transom {
using namespace layout;

ContainerReader::ContainerReader(std::uint64_t n_bytes, FetchBytes fetch, std::uint64_t most_values)
    : in_(std::make_unique<ByteReader>(n_bytes, std::move(fetch))),
      most_(std::max<std::uint64_t>(most_values / kWordBits * kWordBits, kWordBits)) {
  guard([&] {
    version_ = read_version(*in_);
    if (version_ != kContainerVersion) return;
    n_tensors_ = in_->u32("number of tensors");
    in_->check_crc("header checksum", 0, "the header was changed");
  });
}
ContainerReader::~ContainerReader() = default;

/// What `read` throws becomes the status.
template <class Read>
void ContainerReader::guard(const Read& read) {
  try {
    read();
  } catch (const Damage& damage) {
    status_ = damage.status;
    what_ = damage.what;
  }
}

std::uint64_t ContainerReader::n_bytes_read() const { return in_->at(); }

bool ContainerReader::in_pieces() const {
  if (!record_ || record_->n_values() <= most_) return false;
  const bool raw = record_->tensor.code.coding == Coding::kRaw;
  return raw || std::uint64_t{record_->tensor.chunk} * record_->n_streams >= record_->n_values();
}

CodedTensor* ContainerReader::next() {
  require_range("ContainerReader::next", "values in pieces that were not taken", left_, 0, 0);
  if (status_ != Status::kOk) return nullptr;
  record_.reset();
  guard([&] {
    in_->drop();
    if (n_read_ == n_tensors_) {
      in_->context.clear();
      return in_->expect_end();
    }
    record_ = std::make_unique<Record>(read_head(*in_, n_read_++));
    in_->drop();
    stream_ = 0;
    if (in_pieces()) {
      left_ = record_->n_values();
    } else {
      read_payload(*in_, *record_);
    }
  });
  return status_ == Status::kOk && record_ ? &record_->tensor : nullptr;
}

std::optional<CodedTensor> ContainerReader::next_piece() {
  if (!in_pieces()) refuse("ContainerReader::next_piece", "tensor", "none", "must be in pieces");
  const CodedTensor& tensor = record_->tensor;
  if (status_ != Status::kOk || (left_ == 0 && stream_ == record_->n_streams)) return {};
  CodedTensor piece{tensor.name, tensor.dtype, {}, tensor.code, tensor.chunk, {}, 0};
  std::uint64_t n = std::min(left_, most_);
  guard([&] {
    if (tensor.code.coding == Coding::kRaw) {
      const std::uint64_t n_bits = n * tensor.dtype.bits;
      StreamWords words;
      words.offsets = in_->words((n_bits + kWordBits - 1) / kWordBits, "payload");
      if (n == left_) {
        check_last_raw(*in_, *record_, words.offsets);
        stream_ = record_->n_streams;
      }
      piece.streams.push_back(std::move(words));
    } else {
      const std::uint64_t in_one = std::max<std::uint64_t>(most_ / tensor.chunk, 1);
      const auto end =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(stream_ + in_one, record_->n_streams));
      n = std::min(left_, std::uint64_t{end - stream_} * tensor.chunk);
      for (; stream_ != end; ++stream_) {
        piece.streams.push_back(read_stream(*in_, *record_, stream_));
        in_->drop();
      }
    }
    left_ -= n;
    if (left_ == 0 && stream_ == record_->n_streams) in_->zeros(record_->n_padding, "padding");
    in_->drop();
  });
  if (status_ != Status::kOk) return {};
  piece.shape = {static_cast<std::uint32_t>(n)};
  return piece;
}

}  // namespace transom
