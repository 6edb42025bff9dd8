// lists.cpp — see lists.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "list_parts.hpp"
#include "transom/container/container.hpp"

namespace transom::mutate {
namespace {

using namespace system;
using coverage::SystemCase;

constexpr unsigned kUsedWords = 12;  // of a descriptor
constexpr std::uint64_t kRoom = 16 * kDescriptorBytes;

std::uint64_t long_word(const AxiImage& image, std::uint64_t address) {
  return word(image, address) | std::uint64_t{word(image, address + 4)} << 32;
}
AxiImage image_of(std::span<const CodedTensor> tensors, const AxiShape& shape,
                  std::uint64_t base = kBase) {
  return make_axi_image(write_container(tensors), tensors, shape, base);
}

AxiStart one(std::uint64_t descriptor) {
  return {.descriptors = descriptor, .n_descriptors = 1, .abort_after = kPatience};
}

SystemCase all_of(AxiImage image) {
  SystemCase made;
  made.starts = {{.descriptors = image.descriptors, .n_descriptors = image.n_descriptors}};
  made.image = std::move(image);
  return made;
}

/// Each bit of a descriptor, one at a time.
SystemCase bits_of_descriptor(AxiImage image) {
  SystemCase made;
  for (unsigned w = 0; w < kUsedWords; ++w) {
    for (unsigned bit = 0; bit < 32; ++bit) {
      const bool in_block = w >= 4 && w % 2 == 0 && bit < 6 && bit != 2;
      if (w == 1 || in_block) continue;  // nobody looks at it
      const std::uint64_t at = copy(image, image.descriptors, kDescriptorBytes);
      put(image, at + 4 * w, word(image, at + 4 * w) ^ 1u << bit);
      made.starts.push_back(one(at));
    }
  }
  made.image = std::move(image);
  return made;
}

/// Records of which one word is a power of two.
SystemCase bits_of_record(AxiImage image) {
  SystemCase made;
  const std::uint32_t n_streams = word(image, image.descriptors) >> 16;
  for (unsigned w = 0; w < 4; ++w) {
    for (unsigned bit = 0; bit < 32; ++bit) {
      const std::uint64_t records =
          copy(image, long_word(image, image.descriptors + 32), kRecordBytes * n_streams);
      const std::uint64_t of = records + kRecordBytes * (bit % n_streams);
      for (unsigned other = 0; other < 3 && bit % 2 == 0; ++other) put(image, of + 4 * other, 0);
      put(image, of + 4 * w, 1u << bit);
      const std::uint64_t at = copy(image, image.descriptors, kDescriptorBytes);
      put(image, at + 32, static_cast<std::uint32_t>(records));
      put(image, at + 36, static_cast<std::uint32_t>(records >> 32));
      made.starts.push_back(one(at));
    }
  }
  made.image = std::move(image);
  return made;
}

/// A part of what a descriptor leads to once more, behind everything: its address is in words `at`
/// and the next one.
AxiImage with_last(AxiImage image, unsigned at, std::size_t bytes) {
  const std::uint64_t of = image.descriptors + 4 * at;
  const std::uint64_t to = copy(image, long_word(image, of), bytes);
  put(image, of, static_cast<std::uint32_t>(to));
  put(image, of + 4, static_cast<std::uint32_t>(to >> 32));
  return image;
}

/// A window that ends, or begins, somewhere in what is read; the descriptors lie at the other end.
SystemCase windows(AxiImage image, unsigned beat_bytes, bool ends) {
  const std::uint64_t begin = image.base, size = image.bytes.size();
  std::uint64_t descriptors = image.descriptors;
  if (ends) {
    const std::uint64_t n = image.n_descriptors * kDescriptorBytes;
    std::vector<std::uint8_t> front(kRoom);
    for (std::uint64_t b = 0; b < n; ++b) front[b] = image.bytes[descriptors - begin + b];
    image.bytes.insert(image.bytes.begin(), front.begin(), front.end());
    image.base -= kRoom;
    image.file_bytes += kRoom;
    descriptors = image.base;
  }
  SystemCase made;
  for (std::uint64_t at = 0; at <= size; at += beat_bytes) {
    AxiStart start{.descriptors = descriptors, .n_descriptors = image.n_descriptors};
    (ends ? start.limits.window_limit : start.limits.window_base) = begin + at - (ends ? 1 : 0);
    made.starts.push_back(start);
  }
  made.image = std::move(image);
  return made;
}

/// Fewer values, or descriptors, than there are.
SystemCase counts(const AxiImage& image) {
  SystemCase made;
  made.image = image;
  AxiStart all{.descriptors = image.descriptors, .n_descriptors = image.n_descriptors};
  for (std::uint64_t values = 0; values <= image.n_values + 1; values += 1 + image.n_values / 16) {
    made.starts.push_back(all);
    made.starts.back().limits.max_values = values;
  }
  for (unsigned bit = 0; bit < 64; ++bit) {
    made.starts.push_back(all);
    made.starts.back().limits.max_values = image.n_values - 1 + (std::uint64_t{1} << bit);
  }
  for (unsigned bit = 0; bit < 32; ++bit) {
    made.starts.push_back(all);
    made.starts.back().limits.max_descriptors = 1u << bit;
  }
  for (unsigned bit = 0; bit < 32; ++bit) {  // and what is read behind the list
    made.starts.push_back(all);
    made.starts.back().n_descriptors = 1u << bit;
    made.starts.back().limits.max_descriptors = image.n_descriptors + bit % 2;
    made.starts.back().abort_after = kPatience;
  }
  return made;
}

/// Memory that ends with the last address that the bus has; a list that goes on behind it.
SystemCase at_the_end(std::span<const CodedTensor> tensors, const AxiShape& shape,
                      unsigned addr_bits) {
  AxiImage image = image_of(tensors, shape);
  align(image);
  const std::uint64_t size = image.bytes.size();
  SystemCase made;
  made.image = image_of(tensors, shape, (std::uint64_t{1} << addr_bits) - size);
  align(made.image);
  for (const std::uint32_t more : {0u, 1u, 2u}) {
    made.starts.push_back(
        {.descriptors = made.image.descriptors, .n_descriptors = made.image.n_descriptors + more});
  }
  return made;
}

/// Errors of two kinds that come at about the same time: a stream of ever more values ends badly,
/// and the list's next descriptor, or a read for it, is bad.
void add_meetings(std::vector<NamedCase>& cases, const AxiShape& shape, Coding coding) {
  std::vector<CodedTensor> tensors;
  for (std::uint32_t n = 0; n < 32; ++n) {
    tensors.push_back(with_tail(small_tensor(coding, 4 + 3 * n), n % 4, false, 1));
    tensors.push_back(small_tensor(coding, 4));
  }
  const AxiImage image = image_of(tensors, shape);
  const AxiPressure any{.seed = 7, .r_closed = 30, .more_latency = 12};
  SystemCase reads{image, {}, {}, {}, any}, descriptors = reads, aborts = reads, streams = reads;
  for (std::uint32_t n = 0; n < tensors.size(); n += 2) {
    const std::uint64_t pair = image.descriptors + n * kDescriptorBytes;
    const std::uint64_t second = pair + kDescriptorBytes;
    const AxiStart start{.descriptors = pair, .n_descriptors = 2};
    for (SystemCase* one : {&reads, &descriptors, &aborts, &streams}) one->starts.push_back(start);
    const std::uint64_t rows = long_word(image, second + 24);
    const std::uint64_t failed = n % 4 == 0 ? second : rows;
    reads.faults.push_back({failed, failed + 4});
    put(descriptors.image, second, word(image, second) | 0x8000);
    aborts.starts.back().abort_after = 60 + n;
    // Of the same tensor: its first stream lies nowhere, its last record cannot be read.
    const std::uint64_t records = long_word(image, second + 32);
    put(streams.image, records + 12, ~0u);
    streams.starts.back().limits.window_limit = image.base + image.bytes.size() + 63;
    streams.faults.push_back({records + 3 * kRecordBytes, records + 3 * kRecordBytes + 4});
    if (n % 4 == 0)
      streams.starts.back() = {
          .descriptors = second, .n_descriptors = 1, .limits = streams.starts.back().limits};
  }
  cases.push_back({"a bad stream and a failed read", reads});
  cases.push_back({"a bad stream and a bad descriptor", descriptors});
  cases.push_back({"a bad stream and an abort", aborts});
  cases.push_back({"a stream outside and a failed record", streams});
}

/// One channel still reads, and one stream still decodes, when the next tensors come: lists of four
/// that begin with either bank.
SystemCase tails(const AxiShape& shape, Coding coding, bool offsets) {
  std::vector<CodedTensor> tensors;
  for (std::size_t stream = 0; stream < 4; ++stream) {
    tensors.push_back(small_tensor(coding, 24));
    tensors.push_back(with_tail(small_tensor(coding, 700), stream, offsets, 150));
    tensors.push_back(small_tensor(coding, 300));
    tensors.push_back(small_tensor(coding, 40));
  }
  SystemCase made;
  made.image = image_of(tensors, shape);
  for (std::uint32_t first = 0; first + 1 < tensors.size(); ++first) {
    if (first % 4 > 1) continue;
    made.starts.push_back({.descriptors = made.image.descriptors + first * kDescriptorBytes,
                           .n_descriptors = 4 - first % 4});
  }
  return made;
}

}  // namespace

std::vector<NamedCase> odd_lists(const AxiShape& shape, unsigned addr_bits, Coding coding) {
  const std::vector<CodedTensor> three{small_tensor(coding, 24), small_tensor(coding, 9),
                                       small_tensor(coding, 40)};
  const std::span<const CodedTensor> good(three);
  const AxiImage first = image_of(good.first(1), shape), all = image_of(good, shape);
  const unsigned beat = shape.beat_bytes();
  std::vector<NamedCase> cases;
  cases.push_back({"each bit of a descriptor", bits_of_descriptor(first)});
  cases.push_back({"each bit of a record", bits_of_record(first)});
  cases.push_back({"windows that end early", windows(first, beat, true)});
  const auto n_words = [&](unsigned w) { return word(first, first.descriptors + 4 * w); };
  cases.push_back(
      {"windows that end in a table", windows(with_last(first, 4, 4 * n_words(2)), beat, true)});
  cases.push_back(
      {"windows that end in rows", windows(with_last(first, 6, 4 * n_words(3)), beat, true)});
  cases.push_back({"windows that end in a stream", windows(with_last(first, 10, 128), beat, true)});
  cases.push_back({"windows that begin late", windows(first, beat, false)});
  cases.push_back({"counts that are too small", counts(all)});
  cases.push_back({"the last address", at_the_end(good, shape, addr_bits)});
  const std::vector<CodedTensor> large{
      small_tensor(coding, 24, shape.unit.table_log, Spread::kStep),  // built of counts
      small_tensor(coding, 24, shape.unit.table_log, Spread::kTuned)};
  cases.push_back({"the largest tables", all_of(image_of(large, shape))});
  cases.push_back({"a long stream of symbols", tails(shape, coding, false)});
  cases.push_back({"a long stream of offsets", tails(shape, coding, true)});
  add_meetings(cases, shape, coding);
  for (std::uint64_t at = 0; at < first.bytes.size(); at += beat) {
    const std::uint64_t begin = first.base + at;
    cases.push_back({"a failed read of byte " + std::to_string(at),
                     {first,
                      {},
                      std::vector<AxiStart>(1, {.descriptors = first.descriptors,
                                                .n_descriptors = first.n_descriptors}),
                      {{begin, begin + 1}},
                      {}}});
  }
  return cases;
}

std::vector<NamedCase> early_ends(const SystemCase& list) {
  std::vector<NamedCase> cases;
  for (const bool resets : {false, true}) {
    SystemCase made = list;
    made.starts.clear();
    made.pressure = {.seed = 9, .ar_closed = 30, .values_closed = 40, .latency = 10};
    AxiStart start = list.starts.front();
    start.tensors.reset();
    for (std::uint64_t clocks = 0; clocks < 160; clocks += resets ? 7 : 3) {
      (resets ? start.reset_after : start.abort_after) = clocks;
      made.starts.push_back(start);
      start.rest = resets ? 60 : 0;  // what the memory still sends goes nowhere
    }
    if (resets) {
      start.reset_after = AxiStart::kNever;
      made.starts.push_back(start);
    }
    cases.push_back({resets ? "resets" : "aborts", std::move(made)});
  }
  return cases;
}

}  // namespace transom::mutate
