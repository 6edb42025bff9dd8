// npy_file.cpp — see npy_file.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npy/npy_file.hpp"

#include <algorithm>
#include <utility>

namespace transom::golden {

NpyFile::NpyFile(const std::filesystem::path& path, const NpyType& type)
    : name(path.stem().string()),
      path_(path),
      file_(path, "check the path and its permissions"),
      type_(type),
      reader_(start()) {}

NpyReader NpyFile::start() {
  return {path_.string(), file_.left(),
          [this](std::uint8_t* to, std::size_t n) {
            return file_.read({to, n});
          },
          type_};
}

bool NpyFile::in_order() const {
  const auto& shape = header().shape;
  const auto large =
      std::count_if(shape.begin(), shape.end(), [](std::uint32_t d) { return d > 1; });
  return !header().fortran_order || large <= 1;
}

void NpyFile::choose_width() {
  if (!reader_->has_free_width()) return;
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  bool narrow = true;
  std::vector<value_t> piece;
  while (narrow && reader_->left() != 0) {
    piece.clear();
    reader_->read(kPiece, piece);
    narrow = fit_narrowed(piece, dtype());
  }
  type_.bits = narrow ? narrowed(dtype()).bits : dtype().bits;
  rewind();
}

OwnPatterns NpyFile::read(std::size_t n) {
  const auto read = [&](auto values) -> OwnPatterns {
    values.reserve(std::min<std::size_t>(n, reader_->left()));
    reader_->read(n, values);
    return values;
  };
  return dtype().bits <= 8 ? read(std::vector<std::uint8_t>()) : read(std::vector<value_t>());
}

void NpyFile::rewind() {
  const DType dtype = reader_->dtype();
  const std::vector<std::uint32_t> shape = header().shape;
  const bool chose = type_.bits && *type_.bits != dtype.bits;
  file_.rewind();
  reader_.emplace(start());
  if (header().shape != shape || (!chose && reader_->dtype() != dtype)) fail_changed();
}

void NpyFile::fail_changed() const {
  throw files::FileError(path_.string(), "values",
                         "changed while they were read; give it again when nothing writes it");
}

}  // namespace transom::golden
