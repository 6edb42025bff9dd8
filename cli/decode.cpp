// decode.cpp — transom decode: a container back into a trace.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "pieces.hpp"
#include "transom/base/in_order.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/workbench/decoders.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
using namespace workbench;
namespace {

std::vector<std::string> decoder_names() {
  std::vector<std::string> names;
  for (const Decoder& d : decoders()) names.emplace_back(d.name);
  return names;
}

/// The first stream that ended badly, for a message.
std::string failed_lane(const Decoded& decoded) {
  for (std::size_t stream = 0; stream < decoded.streams.size(); ++stream) {
    if (decoded.streams[stream] != Status::kOk) return ", stream " + std::to_string(stream);
  }
  return {};
}

/// Throws if the decoder would be left out of it: which one it is changes nothing then.
void check_takes_one(const Decoder& decoder, const std::vector<CodedTensor>& tensors) {
  std::string why;
  for (const CodedTensor& tensor : tensors) {
    why = decoder.why_not_tensor(tensor);
    if (why.empty()) return;
  }
  if (!tensors.empty()) {
    throw std::invalid_argument("--decoder " + std::string(decoder.name) +
                                " has no effect: it takes no tensor of the file (" + why +
                                "); leave it away");
  }
}

struct DecodeOptions {
  std::string file, folder;
  std::string decoder = "model";
  std::size_t threads = 0;
  std::uint32_t piece = kPieceValues;
  bool as_json = false;
};

struct DecodedSizes {
  std::size_t tensors = 0, by_model = 0;
  std::uint64_t values = 0;
};

/// What a container's tensors become.
class Output {
 public:
  explicit Output(const DecodeOptions& options)
      : file_(options.file), trace_(options.folder, {"decoded from " + options.file, "", "", ""}) {}

  void check(const std::string& name, Status status, const std::string& lane) const {
    if (status == Status::kOk) return;
    throw DataError(file_ + ": tensor '" + name + "'" + lane + ": " +
                    std::string(status_name(status)) + "; the file is damaged, encode it again");
  }
  void add(const CodedTensor& tensor, Decoded decoded) {
    check(tensor.name, decoded.status, failed_lane(decoded));
    trace_.add({tensor.name, tensor.dtype, tensor.shape, std::move(decoded.values)});
  }
  golden::TraceWriter& trace() { return trace_; }

 private:
  std::string file_;
  golden::TraceWriter trace_;
};

/// All of it at once, as other decoders want it.
DecodedSizes decode_whole(const DecodeOptions& options, const Decoder& decoder) {
  const auto tensors = read_container(options.file);
  check_takes_one(decoder, tensors);
  Progress progress("decode", tensors.size());
  DecodedSizes sizes;
  Output output(options);
  for (const CodedTensor& tensor : tensors) {
    const bool takes = decoder.why_not_tensor(tensor).empty();
    sizes.by_model += !takes;
    output.add(tensor, takes ? decoder.decode(tensor) : decode(tensor));
    sizes.values += tensor.layout().n_values;
    ++sizes.tensors;
    progress.step(tensor.name);
  }
  output.trace().keep();
  return sizes;
}

/// Tensor by tensor, large ones in pieces: neither the container nor a tensor need fit in memory.
DecodedSizes decode_by_model(const DecodeOptions& options) {
  ContainerFile file(options.file, options.piece);
  ContainerReader& reader = file.reader();
  if (reader.version() != kContainerVersion) return decode_whole(options, *find_decoder("model"));
  struct Job {
    CodedTensor tensor;
    Decoded decoded;
    std::uint64_t end;  ///< of its record in the file
  };
  DecodedSizes sizes;
  Progress progress("decode", Bytes{file.n_bytes()});
  Output output(options);
  InOrder<Job> jobs(n_threads(options.threads), [&](Job job) {
    progress.at(job.end, job.tensor.name);
    output.add(job.tensor, std::move(job.decoded));
  });
  while (CodedTensor* const tensor = reader.next()) {
    ++sizes.tensors;
    sizes.values += tensor->layout().n_values;
    if (!reader.in_pieces()) {
      jobs.add([tensor = std::move(*tensor), end = reader.n_bytes_read()] {
        return Job{tensor, decode(tensor), end};
      });
      continue;
    }
    jobs.finish();
    const auto share = [&](double) { progress.at(reader.n_bytes_read(), tensor->name); };
    const Status status = decode_in_pieces(reader, *tensor, options.threads, output.trace(), share);
    file.check();
    output.check(tensor->name, status, "");
  }
  file.check();
  jobs.finish();
  output.trace().keep();
  return sizes;
}

}  // namespace

Action add_decode(App& app) {
  auto options = std::make_shared<DecodeOptions>();
  app.add_option("FILE", options->file, "a .tsm container")->required();
  app.add_option("-o,--output", options->folder,
                 "the folder to write the .npy files and manifest to")
      ->required();
  app.add_option("--decoder", options->decoder,
                 "which decoder; tensors that it cannot take are decoded by the model")
      ->check(IsMember(decoder_names()))
      ->capture_default_str();
  app.add_option("--piece", options->piece,
                 "a tensor of more values is decoded in pieces of about as many, where each of its "
                 "streams has one chunk or it is raw, and need not fit in memory")
      ->check(Range(kPieceStreams, 0x4000'0000u))
      ->capture_default_str();
  add_threads(app, options->threads);
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Nothing is written unless every tensor decodes without an error, and the folder appears "
      "with\n"
      "all its files. A trace that is there is replaced as a whole, if its manifest vouches for "
      "all\n"
      "that lies in the folder.");
  return [options] {
    const Decoder& decoder = *find_decoder(options->decoder);
    if (const std::string why = decoder.why_not(); !why.empty()) {
      throw std::invalid_argument("--decoder " + options->decoder + ": " + why);
    }
    const DecodedSizes sizes =
        decoder.name == "model" ? decode_by_model(*options) : decode_whole(*options, decoder);
    if (options->as_json) {
      print({{"folder", options->folder},
             {"decoder", options->decoder},
             {"tensors", sizes.tensors},
             {"decoded_by_model", decoder.name == "model" ? sizes.tensors : sizes.by_model},
             {"values", sizes.values}});
    } else {
      std::cout << printable(options->folder) << ": " << sizes.tensors << " tensors, "
                << sizes.values << " values by the " << options->decoder << " decoder";
      if (sizes.by_model != 0)
        std::cout << " (" << sizes.by_model << " tensors by the model: no stream for them)";
      std::cout << '\n';
    }
    return kFine;
  };
}

}  // namespace transom::cli
