// manifest.cpp — JSON of unknown origin: every type, range and path is checked before use.
// SPDX-License-Identifier: Apache-2.0
#include "transom/golden/manifest.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "transom/base/printable.hpp"
#include "transom/codec/codec.hpp"
#include "transom/files/read.hpp"
#include "transom/golden/npy.hpp"
#include "transom/golden/strict_json.hpp"
#include "transom/golden/tally/tally.hpp"
#include "transom/table/histogram.hpp"

namespace transom::golden {
namespace {

namespace fs = std::filesystem;

/// Characters of a tensor's name that its file's name keeps.
constexpr std::size_t kStemCharacters = 40;

/// Piece by piece.
std::string file_sha256(const fs::path& file) {
  constexpr std::uint64_t kPieceBytes = 1 << 20;
  files::InputFile in(file, "check its permissions");
  std::vector<std::uint8_t> piece;
  Tally hash;
  while (in.left() != 0) {
    piece.clear();
    in.read(kPieceBytes, piece);
    hash.hash(piece);
  }
  return hash.hex();
}

/// "1 file 'a'", "3 files, the first 'a'".
std::string count(const std::vector<std::string>& names) {
  return std::to_string(names.size()) + (names.size() == 1 ? " file '" : " files, the first '") +
         names.front() + "'";
}

/// One element of `tensors`.
class Record {
 public:
  Record(const fs::path& folder, std::size_t index, const json& record)
      : folder_(folder), index_(index), record_(record) {}

  /// @param files_read real paths of earlier records: a small manifest must not read one big file
  ///   again and again.
  void read(std::set<fs::path>& files_read, const TakeNpy& take, std::size_t n_tensors) const {
    if (!record_.is_object()) fail("tensor", "not an object; give it a \"file\"");
    const fs::path file = file_path();
    if (!files_read.insert(fs::canonical(file)).second) {
      fail("file", "'" + file.filename().string() + "' occurs twice; keep one record of it");
    }
    const std::optional<std::uint64_t> bits = number("bits");
    if (bits && (*bits < 1 || *bits > kMaxValueBits)) {
      fail("bits", std::to_string(*bits) + " is not in 1.." + std::to_string(kMaxValueBits) +
                       "; quantise the tensor");
    }
    NpyType type;
    if (bits) type.bits = static_cast<unsigned>(*bits);
    type.floats = float_type();
    const CheckNpy check_file = [&](const NpyArray& array, std::uint64_t n_values) {
      check(type.floats ? type_name(*type.floats) : array.type, array.tensor.shape, n_values, file);
      return text("name").value_or(file.stem().string());
    };
    take(file, type, check_file, n_tensors);
  }
  bool has_hash() const { return find("sha256") != nullptr; }
  std::string file() const { return text("file").value_or(""); }

 private:
  [[noreturn]] void fail(const std::string& field, const std::string& what) const {
    const json* name = find("name");
    const bool named = name != nullptr && name->is_string();
    throw TraceError((folder_ / kManifestFile).string(),
                     "tensors[" + std::to_string(index_) + "]" +
                         (named ? " '" + name->get<std::string>().substr(0, 100) + "'" : "") + " " +
                         field,
                     what);
  }

  const json* find(const char* field) const {
    const auto found = record_.find(field);  // end() where record_ is no object
    return found == record_.end() ? nullptr : &*found;
  }

  std::optional<std::string> text(const char* field) const {
    const json* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) fail(field, "not a string; correct the manifest");
    return value->get<std::string>();
  }

  std::optional<std::uint64_t> number(const char* field) const {
    const json* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number_unsigned()) fail(field, "not a number from 0 up; correct the manifest");
    return value->get<std::uint64_t>();
  }

  /// What `dtype` names, if that is a float type; numpy's names are checked against the file.
  std::optional<DType> float_type() const {
    const std::optional<DType> dtype = find_dtype(text("dtype").value_or(""));
    return dtype && dtype->is_float() ? dtype : std::nullopt;
  }

  /// The file, inside the folder even when links are followed.
  fs::path file_path() const {
    const std::optional<std::string> file = text("file");
    if (!file) fail("file", "missing; name the .npy");
    const fs::path relative(*file);
    if (file->empty() || file->find('\0') != std::string::npos || relative.is_absolute() ||
        std::find(relative.begin(), relative.end(), "..") != relative.end()) {
      fail("file", "'" + *file + "' is not a path inside the folder; move the file there");
    }
    std::error_code error;
    const fs::path root = fs::canonical(folder_, error);
    const fs::path real = error ? fs::path() : fs::canonical(root / relative, error);
    if (error) fail("file", "'" + *file + "': " + error.message() + "; restore the file");
    if (std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first != root.end()) {
      fail("file", "'" + *file + "' leads out of the folder; move the file there");
    }
    return folder_ / relative;
  }

  void check(const std::string& type, const std::vector<std::uint32_t>& of_file,
             std::uint64_t n_values, const fs::path& file) const {
    const std::optional<std::string> dtype = text("dtype");
    if (dtype && *dtype != type) differ("dtype", type, *dtype);
    const json* shape = find("shape");
    if (shape != nullptr && !(shape->is_array() && *shape == json(of_file))) {
      differ("shape", json(of_file).dump(), shape->dump());
    }
    const std::optional<std::uint64_t> n = number("n");
    if (n && *n != n_values) differ("n", std::to_string(n_values), std::to_string(*n));
    const std::optional<std::string> sha256 = text("sha256");
    if (!sha256) return;
    const std::string found = file_sha256(file);
    if (*sha256 != found) differ("sha256", found, *sha256);
  }

  [[noreturn]] void differ(const char* field, const std::string& file,
                           const std::string& manifest) const {
    fail(field, "the file has " + file + ", the manifest says " + manifest.substr(0, 100) +
                    "; record the trace again");
  }

  const fs::path& folder_;
  std::size_t index_;
  const json& record_;
};

/// Index and the end of the name, where layers differ most, in portable characters.
std::string file_name(std::size_t index, std::string_view name) {
  std::string stem;
  for (const char c : name) {
    const bool portable =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (portable) {
      stem += c;
    } else if (!stem.ends_with('_')) {
      stem += '_';
    }
  }
  if (stem.size() > kStemCharacters) stem.erase(0, stem.size() - kStemCharacters);
  if (stem.ends_with('_')) stem.pop_back();
  if (stem.starts_with('_')) stem.erase(0, 1);
  const std::string number = std::to_string(index);
  const std::string padded = std::string(3 - std::min<std::size_t>(number.size(), 3), '0') + number;
  return padded + (stem.empty() ? "" : "_" + stem) + ".npy";
}

/// Arrays in the folder that no record names.
std::vector<std::string> unnamed(const fs::path& folder, const std::set<fs::path>& named) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".npy" && !named.contains(fs::weakly_canonical(entry.path()))) {
      names.push_back(entry.path().lexically_relative(folder).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

void read_manifest(const fs::path& folder, const TakeNpy& take, const Note& note) {
  const fs::path path = folder / kManifestFile;
  const json manifest = read_json(path);
  if (!manifest.is_object() || !manifest.contains("tensors") || !manifest["tensors"].is_array()) {
    throw TraceError(path.string(), "tensors", "not a list; record the trace again");
  }
  const json& elements = manifest["tensors"];
  std::set<fs::path> files_read;
  std::vector<std::string> unhashed;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Record record(folder, i, elements[i]);
    record.read(files_read, take, elements.size());
    if (!record.has_hash()) unhashed.push_back(record.file());
  }
  if (!note) return;
  if (!unhashed.empty()) {
    note(path.string() + ": does not vouch for " + count(unhashed) + ": there is no \"sha256\"");
  }
  if (const auto names = unnamed(folder, files_read); !names.empty()) {
    note(path.string() + ": does not name " + count(names) + ": not read");
  }
}

std::vector<fs::path> manifest_files(const fs::path& folder) {
  std::vector<fs::path> files;
  const json manifest = read_json(folder / kManifestFile);
  if (!manifest.is_object() || !manifest.contains("tensors")) return files;
  for (const json& tensor : manifest["tensors"]) {
    if (!tensor.is_object() || !tensor.contains("file") || !tensor["file"].is_string()) continue;
    files.push_back(folder / tensor["file"].get<std::string>());
  }
  return files;
}

struct TraceWriter::Records {
  json tensors = json::array();
};

struct TraceWriter::Record {
  std::string name, file_name;
  DType dtype;
  std::vector<std::uint32_t> shape;
  files::WholeFolder::File file;
  std::vector<std::uint32_t> counts;
  Tally tally = {};
  std::vector<std::uint8_t> items = {};

  void put(std::span<const std::uint8_t> bytes) {
    file.append(bytes);
    tally.hash(bytes);
  }
  /// Values that are bytes of the file.
  void put_values(std::span<const std::uint8_t> values, std::uint32_t& crc) {
    constexpr std::size_t kNear = std::size_t{1} << 18;  // stays in a near cache
    while (!values.empty()) {
      const auto some = values.first(std::min(values.size(), kNear));
      tally.add(some, std::span<std::uint32_t, 256>(counts), crc);
      file.append(some);
      values = values.subspan(some.size());
    }
  }
};

TraceWriter::TraceWriter(const fs::path& folder, const TraceMeta& meta)
    : folder_(folder, why_not_replace), meta_(meta), records_(std::make_unique<Records>()) {}
TraceWriter::~TraceWriter() = default;

void TraceWriter::add(const Tensor& tensor) {
  check_npy(tensor);
  begin(tensor.name, tensor.dtype, tensor.shape);
  append(tensor.values);
  end();
}

void TraceWriter::begin(const std::string& name, const DType& dtype,
                        const std::vector<std::uint32_t>& shape) {
  const std::string file = file_name(records_->tensors.size(), name);
  open_ = std::make_unique<Record>(Record{name, file, dtype, shape, folder_.add(file), {}});
  open_->counts.resize(std::size_t{1} << dtype.bits);
  open_->put(npy_start(dtype, shape));
}

std::uint32_t TraceWriter::append(const Patterns& values, std::uint32_t before) {
  if (!open_) refuse("TraceWriter::append", "tensor", "none", "must have begun");
  const DType& dtype = open_->dtype;
  std::uint32_t crc = before;
  if (const auto* bytes = std::get_if<0>(&values); bytes && dtype.bits == 8 && !dtype.is_float()) {
    open_->put_values(*bytes, crc);
    return crc;
  }
  count_into(open_->counts, values);
  open_->items.clear();
  append_items(values, dtype, open_->items);
  open_->put(open_->items);
  return checksum(values, dtype, before);
}

void TraceWriter::end() {
  if (!open_) refuse("TraceWriter::end", "tensor", "none", "must have begun");
  Record& tensor = *open_;
  std::uint64_t n = 0;
  for (const std::uint32_t count : tensor.counts) n += count;
  require_range("TraceWriter::end", "number of values", n, n_values(tensor.shape).value_or(0),
                n_values(tensor.shape).value_or(0));
  tensor.file.close();
  records_->tensors.push_back(
      {{"file", tensor.file_name},
       {"name", tensor.name},
       {"dtype", tensor.dtype.is_float() ? type_name(tensor.dtype) : npy_type(tensor.dtype)},
       {"bits", tensor.dtype.bits},
       {"shape", tensor.shape},
       {"n", n},
       {"entropy_bits", std::round(entropy_bits_of(tensor.counts, tensor.dtype) * 1e4) / 1e4},
       {"sha256", tensor.tally.hex()}});
  open_.reset();
}

void TraceWriter::keep() {
  const json manifest = {{"trace", printable(folder_.target().filename().string())},
                         {"source", printable(meta_.source)},
                         {"licence", meta_.licence},
                         {"input", meta_.input},
                         {"note", meta_.note},
                         {"layout", "C order; 4-bit values one per byte"},
                         {"tensors", records_->tensors}};
  const std::string text = manifest.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
  folder_.write(kManifestFile, text);
  folder_.keep();
}

void write_manifest(files::WholeFolder& folder, const std::string& generator) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  json files = json::array();
  for (const fs::path& path : paths) {
    files.push_back(
        {{"file", path.lexically_relative(folder.path()).string()}, {"sha256", file_sha256(path)}});
  }
  const json manifest{{"generator", generator}, {"files", std::move(files)}};
  folder.write(kManifestFile, manifest.dump(1) + "\n");
}

std::string why_not_replace(const fs::path& folder) {
  const fs::path manifest = folder / kManifestFile;
  std::vector<std::uint8_t> text;
  if (fs::exists(manifest)) {
    text = files::read_whole(manifest, "name another folder", kMaxJsonBytes);
  }
  const auto has = [&](const std::string& hash) {
    return std::search(text.begin(), text.end(), hash.begin(), hash.end()) != text.end();
  };
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path() == manifest || (entry.is_directory() && !entry.is_symlink())) continue;
    if (entry.is_symlink() || !has(file_sha256(entry.path()))) {
      return "it holds '" + entry.path().lexically_relative(folder).string() +
             "', which no manifest.json in it vouches for";
    }
  }
  return "";
}

}  // namespace transom::golden
