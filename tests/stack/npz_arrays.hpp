// npz_arrays.hpp — arrays of a .npz file that no trace has: floats and 32- and 64-bit integers,
// little endian, C order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zip.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace transom::support {

class NpzArrays {
 public:
  explicit NpzArrays(const std::filesystem::path& path) {
    const std::unique_ptr<zip_t, decltype(&zip_discard)> zip(
        zip_open(path.c_str(), ZIP_RDONLY, nullptr), zip_discard);
    REQUIRE(zip);
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(zip_get_num_entries(zip.get(), 0));
         ++i) {
      zip_stat_t stat;
      REQUIRE(zip_stat_index(zip.get(), i, 0, &stat) == 0);
      std::string bytes(stat.size, '\0');
      const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
          zip_fopen_index(zip.get(), i, 0), zip_fclose);
      REQUIRE(zip_fread(file.get(), bytes.data(), stat.size) ==
              static_cast<zip_int64_t>(stat.size));
      const std::string name = stat.name;
      members_[name.substr(0, name.rfind('.'))] = std::move(bytes);
    }
  }
  bool has(const std::string& name) const { return members_.contains(name); }

  /// All items; the type in the file must be T's.
  template <class T>
  std::vector<T> items(const std::string& name) const {
    const std::string& bytes = members_.at(name);
    const auto header = static_cast<unsigned char>(bytes[8]) +
                        (static_cast<std::size_t>(static_cast<unsigned char>(bytes[9])) << 8) + 10;
    const char kind = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
    REQUIRE(bytes.substr(0, header).find(kind + std::to_string(sizeof(T)) + "'") !=
            std::string::npos);
    std::vector<T> all((bytes.size() - header) / sizeof(T));
    std::memcpy(all.data(), bytes.data() + header, all.size() * sizeof(T));
    return all;
  }

 private:
  std::map<std::string, std::string> members_;
};

}  // namespace transom::support
