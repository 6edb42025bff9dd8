// bbans.cpp — transom bbans: images by bits-back coding. A table of verbs of its own.
// SPDX-License-Identifier: Apache-2.0
#include "../verbs.hpp"
#include "shared.hpp"
#include "transom/version.hpp"

namespace transom::cli {
namespace {

constexpr Verb kVerbs[] = {
    {"encode", "code images with a model of them", bbans::add_encode},
    {"decode", "the images again, and what was carried beside them", bbans::add_decode},
    {"info", "what a file of coded images says of itself", bbans::add_info},
    {"record", "what a decoder without the network is given, of a file's first images",
     bbans::add_record},
    {"replay", "a recorded run through the cycle model of such a decoder", bbans::add_replay},
    {"train", "train a model of images, as the one in the program was (Python, torch)",
     bbans::add_train},
};

int run_bbans(std::vector<std::string> words) {
  const Program program{
      "transom bbans", std::string("transom ") + kVersion,
      "Codes sets of small grey images with a variational autoencoder of integers, whose files\n"
      "decode on every machine, by bits-back coding: model/stack/README.md says how that works,\n"
      "model/vae/README.md what the models are.",
      "Example: transom bbans encode golden/images/digits.npy --threshold 8 -o digits.tbb "
      "--compare\n"
      "         transom bbans decode digits.tbb -o digits.npy\n"
      "Exit code: 0 fine, 1 a replayed run is not as recorded, 2 usage, 3 bad or damaged data, or\n"
      "what cannot be read or written."};
  words.insert(words.begin(), program.name);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return cli::run(program, kVerbs, static_cast<int>(words.size()), argv.data());
}

}  // namespace

Action bbans::add_train(App& app) { return add_python(app, "bbans", "train"); }

Action add_bbans(App& app) {
  app.leave_all();  // its verbs have their own --help
  return [&app] { return run_bbans(app.remaining()); };
}

}  // namespace transom::cli
