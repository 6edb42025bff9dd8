// decode.cpp — transom decode: a container back into a trace.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/base/in_order.hpp"
#include "transom/golden/trace.hpp"
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

}  // namespace

Action add_decode(App& app) {
  struct Options {
    std::string file, folder;
    std::string decoder = "model";
    std::size_t threads = 0;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "a .tsm container")->required();
  app.add_option("-o,--output", options->folder,
                 "the folder to write the .npy files and manifest to")
      ->required();
  app.add_option("--decoder", options->decoder,
                 "which decoder; tensors that it cannot take are decoded by the model")
      ->check(IsMember(decoder_names()))
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
    const auto tensors = read_container(options->file);
    check_takes_one(decoder, tensors);
    Progress progress("decode", tensors.size());
    std::vector<Tensor> trace;
    std::uint64_t values = 0;
    std::size_t by_model = 0;
    const auto take = [&](Decoded decoded) {
      const CodedTensor& tensor = tensors[trace.size()];
      if (decoded.status != Status::kOk) {
        throw DataError(options->file + ": tensor '" + tensor.name + "'" + failed_lane(decoded) +
                        ": " + std::string(status_name(decoded.status)) +
                        "; the file is damaged, encode it again");
      }
      values += decoded.values.size();
      trace.push_back({tensor.name, tensor.dtype, tensor.shape, std::move(decoded.values)});
      progress.step(tensor.name);
    };
    // The others are one program's, one after the other.
    InOrder<Decoded> jobs(decoder.name == "model" ? n_threads(options->threads) : 1, take);
    for (const CodedTensor& tensor : tensors) {
      const bool takes = decoder.why_not_tensor(tensor).empty();
      by_model += !takes;
      jobs.add([&, takes] { return takes ? decoder.decode(tensor) : decode(tensor); });
    }
    jobs.finish();
    write_trace(options->folder, trace, {"decoded from " + options->file, "", "", ""});
    if (options->as_json) {
      print({{"folder", options->folder},
             {"decoder", options->decoder},
             {"tensors", tensors.size()},
             {"decoded_by_model", decoder.name == "model" ? tensors.size() : by_model},
             {"values", values}});
    } else {
      std::cout << printable(options->folder) << ": " << tensors.size() << " tensors, " << values
                << " values by the " << options->decoder << " decoder";
      if (by_model != 0)
        std::cout << " (" << by_model << " tensors by the model: no stream for them)";
      std::cout << '\n';
    }
    return kFine;
  };
}

}  // namespace transom::cli
