// npz.cpp — members are inflated piece by piece into read_npy, which stops where the header ends.
//
// A forged archive cannot cost more than its size explains: members may not share bytes of the
// file, and deflate makes at most 1032 bytes of one (zlib's technical details: 258 bytes in 2
// bits).
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/npz.hpp"

#include <zip.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "transom/golden/npy.hpp"

namespace transom::golden {
namespace {

constexpr std::uint64_t kMaxInflation = 1032;
constexpr std::string_view kSuffix = ".npy";

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct Close {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Member = std::unique_ptr<zip_file_t, Close>;

Archive open_archive(const std::string& file) {
  int code = 0;
  Archive archive(zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string what =
      code == ZIP_ER_EXISTS ? "two members of one name" : zip_error_strerror(&error);
  zip_error_fini(&error);
  throw TraceError(file, "archive", what + "; write it with numpy.savez");
}

zip_stat_t stat_member(zip_t* archive, std::uint64_t index, const std::string& file) {
  constexpr zip_uint64_t needed =
      ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  zip_stat_t stat;
  if (zip_stat_index(archive, index, 0, &stat) != 0 || (stat.valid & needed) != needed) {
    throw TraceError(file, "member " + std::to_string(index),
                     "its directory entry is incomplete; copy the file again");
  }
  return stat;
}

/// @param packed_left bytes of the file that no earlier member has claimed
void check_member(const zip_stat_t& stat, const std::string& file, std::uint64_t& packed_left) {
  if (!std::string_view(stat.name).ends_with(kSuffix)) {
    throw TraceError(file, "name", "not a .npy; keep only arrays in a .npz");
  }
  const bool stored = stat.comp_method == ZIP_CM_STORE;
  if (!stored && stat.comp_method != ZIP_CM_DEFLATE) {
    throw TraceError(file, "compression",
                     "method " + std::to_string(stat.comp_method) +
                         " is neither stored nor deflated; write it with numpy.savez");
  }
  const bool too_small =
      stored ? stat.size != stat.comp_size : stat.size / kMaxInflation > stat.comp_size;
  if (too_small || stat.comp_size > packed_left) {
    throw TraceError(file, "size",
                     std::to_string(stat.comp_size) + " packed bytes cannot be " +
                         std::to_string(stat.size) + " of their own; copy the file again");
  }
  packed_left -= stat.comp_size;
}

Tensor read_member(zip_t* archive, std::uint64_t index, const zip_stat_t& stat,
                   const std::string& file) {
  const Member member(zip_fopen_index(archive, index, 0));
  if (!member) {
    throw TraceError(file, "member",
                     std::string(zip_strerror(archive)) + "; write it with numpy.savez");
  }
  const ReadBytes read = [&](std::uint8_t* to, std::size_t n_bytes) {
    const zip_int64_t n = zip_fread(member.get(), to, n_bytes);
    if (n < 0) {  // a bad CRC shows here, at the end
      throw TraceError(file, "data",
                       std::string(zip_file_strerror(member.get())) + "; copy the file again");
    }
    return static_cast<std::size_t>(n);
  };
  Tensor tensor = read_npy(file, stat.size, read).tensor;
  tensor.name = stat.name;
  tensor.name.resize(tensor.name.size() - kSuffix.size());
  return tensor;
}

}  // namespace

std::vector<Tensor> read_npz(const std::filesystem::path& path) {
  std::uint64_t packed_left = regular_file_bytes(path);
  const Archive archive = open_archive(path.string());
  const zip_int64_t n_members = zip_get_num_entries(archive.get(), 0);
  std::vector<Tensor> tensors;
  for (std::uint64_t index = 0; std::cmp_less(index, n_members); ++index) {
    const zip_stat_t stat = stat_member(archive.get(), index, path.string());
    const std::string file = path.string() + "[" + stat.name + "]";
    check_member(stat, file, packed_left);
    tensors.push_back(read_member(archive.get(), index, stat, file));
  }
  return tensors;
}

}  // namespace transom::golden
