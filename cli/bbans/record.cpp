// record.cpp — transom bbans record: a run of decoding, as what a decoder without the network is
// given; transom bbans replay: such a run through the model of such a decoder.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <optional>

#include "shared.hpp"
#include "transom/fed/run.hpp"
#include "transom/files/read.hpp"
#include "transom/files/whole.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/vae/run/run.hpp"

namespace transom::cli::bbans {
namespace {

struct RecordOptions {
  std::string file, output, model = kEmbedded;
  std::uint32_t n_images = 100;
  bool as_json = false;
};

json summary_of(const vae::Run& run) {
  const fed::FedTables tables = fed::tables_of(run);
  return {{"images", run.n_images},          {"pixels", run.n_pixels},
          {"steps", run.steps.size()},       {"steps_per_image", run.image_steps},
          {"words", run.words.size()},       {"tables", tables.n_tables},
          {"tables_of_two", tables.n_pairs}, {"most_symbols", tables.most_symbols}};
}

int record(const RecordOptions& options) {
  const AnyModel any_model = load_model(options.model);
  const vae::CodedImages coded = read_coded(options.file);
  check_model(options.file, coded, options.model, any_model);
  if (is_real(any_model)) {
    throw golden::DataError(options.model +
                            ": it is of real numbers, and runs are recorded of integers; encode "
                            "the images with a model of integers");
  }
  const vae::Model& model = std::get<vae::Model>(any_model);
  if (coded.multiset) {
    throw golden::DataError(options.file +
                            ": flags: the images are a set, whose order is coded beside the "
                            "model; encode them without --multiset");
  }
  const std::uint32_t n_modelled = coded.n_images - coded.n_plain;
  if (n_modelled == 0) {
    throw golden::DataError(options.file +
                            ": plain images: all are coded without the model; encode more");
  }
  auto message = stack::unflatten(coded.words);
  check_message(options.file, message.status);
  check_will_be_written(options.output);
  vae::Coder coder(model);
  vae::Run run;
  try {
    run =
        vae::record_run(coder, std::move(message.message), std::min(options.n_images, n_modelled));
  } catch (const stack::UnderflowError&) {
    check_message(options.file, Status::kTruncated);
  }
  const auto bytes = vae::write_run(run);
  files::write_whole(options.output, bytes);
  json result = summary_of(run);
  result["file"] = options.output;
  result["bytes"] = bytes.size();
  if (options.as_json) {
    print(result);
    return kFine;
  }
  std::cout << printable(options.output) << ": " << run.n_images << " images of " << run.n_pixels
            << " pixels, " << run.image_steps << " steps each; " << result["tables_of_two"]
            << " tables of two symbols, " << result["tables"] << " of more; " << bytes.size()
            << " bytes\n";
  return kFine;
}

struct ReplayOptions {
  std::string file;
  std::optional<std::uint64_t> flip;
  fed::FedShape shape;
  bool as_json = false;
};

void flip(std::uint64_t bit, vae::Run& run) {
  const std::uint64_t n_bits = 32 * std::uint64_t{run.words.size()};
  if (bit >= n_bits) {
    throw std::invalid_argument("--flip " + std::to_string(bit) + ": the words have " +
                                std::to_string(n_bits) + " bits; take a lower one");
  }
  run.words[bit / 32] ^= 1u << bit % 32;
}

json result_of(const ReplayOptions& options, const vae::Run& run, const fed::FedResult& r) {
  const auto n_values = std::uint64_t{run.n_images} * run.n_pixels;
  const auto per = [](std::uint64_t n, std::uint64_t of) {
    return of == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(of);
  };
  const fed::FedShape& s = options.shape;
  json result{{"file", options.file}};
  result.update(summary_of(run));
  result["unit"] = {{"bytes_per_cycle", s.bytes_per_cycle},
                    {"buffer_bytes", s.buffer_bytes},
                    {"tables", s.tables},
                    {"store_bits", s.tables * fed::tables_of(run).place_bits},
                    {"compares", s.compares},
                    {"divide_bits", s.divide_bits},
                    {"latency", s.latency}};
  result["values"] = n_values;
  result["cycles"] = r.cycles;
  result["values_per_cycle"] = per(n_values, r.cycles);
  result["busy"] = {{"prior", r.pop_cycles}, {"pixels", r.pixel_cycles}, {"push", r.push_cycles}};
  result["waits"] = {{"parameters", r.parameter_waits}, {"network", r.network_waits}};
  result["parameter_bytes"] = r.parameter_bytes;
  result["parameter_bytes_per_value"] = per(r.parameter_bytes, n_values);
  result["table_bytes"] = r.table_bytes;
  result["tables_named"] = r.tables_named;
  result["tables_loaded"] = r.tables_loaded;
  result["words_in"] = r.words_in;
  result["words_out"] = r.words_out;
  result["mismatches"] = r.mismatches;
  result["first_difference"] = r.first.empty() ? json() : json(r.first);
  return result;
}

void print_text(const json& result) {
  const auto n = [&](const char* field) { return result[field].dump(); };
  const double bytes = result["parameter_bytes_per_value"], rate = result["values_per_cycle"];
  std::cout << printable(result["file"].get<std::string>()) << ": " << n("values") << " values of "
            << n("images") << " images in " << n("cycles") << " cycles, " << fixed(rate, 4)
            << " values per cycle\n";
  Table table({"cycles", "count"});
  for (const auto& [name, count] : result["busy"].items()) table.add({name, count.dump()});
  table.add({"waits for parameters", result["waits"]["parameters"].dump()});
  table.add({"waits for the network", result["waits"]["network"].dump()});
  std::cout << table.text() << n("parameter_bytes") << " bytes of parameters, " << fixed(bytes, 3)
            << " per value; " << n("table_bytes") << " of tables, loaded " << n("tables_loaded")
            << " times of " << n("tables_named") << " that one is named\n"
            << n("words_in") << " words taken, " << n("words_out") << " given up\n";
  if (!result["first_difference"].is_null()) {
    std::cout << printable(result["first_difference"].get<std::string>()) << '\n';
  }
  std::cout << n("mismatches") << " mismatches\n";
}

int replay(const ReplayOptions& options) {
  const auto bytes = files::read_whole(options.file, "give what `transom bbans record` wrote");
  vae::ReadRun read = vae::read_run(bytes);
  if (!read.run) {
    throw golden::DataError(options.file + ": " + read.what +
                            "; give what `transom bbans record` wrote");
  }
  if (options.flip) flip(*options.flip, *read.run);
  const fed::FedResult run = fed::run_fed(*read.run, options.shape);
  const json result = result_of(options, *read.run, run);
  if (options.as_json) {
    print(result);
  } else {
    print_text(result);
  }
  return run.mismatches == 0 ? kFine : kMismatch;
}

}  // namespace

Action add_record(App& app) {
  auto options = std::make_shared<RecordOptions>();
  app.add_option("FILE", options->file, "what `transom bbans encode` wrote, in order")->required();
  app.add_option("-o,--output", options->output, "the run: model/vae/run/README.md")->required();
  add_model(app, options->model);
  app.add_option("--images", options->n_images,
                 "of how many images, the first of the file; fewer if the model has coded fewer")
      ->check(Range(1, vae::kMaxImages))
      ->capture_default_str();
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "Example: transom bbans record digits.tbb -o digits.tbbr\n"
      "         transom bbans replay digits.tbbr --bytes-per-cycle 4");
  return [options] { return record(*options); };
}

Action add_replay(App& app) {
  auto options = std::make_shared<ReplayOptions>();
  fed::FedShape& shape = options->shape;
  app.add_option("RUN", options->file, "what `transom bbans record` wrote")->required();
  app.add_option("--bytes-per-cycle", shape.bytes_per_cycle, "of parameters into the unit")
      ->check(Range(1, 4096))
      ->capture_default_str();
  app.add_option("--buffer-bytes", shape.buffer_bytes, "of parameters that come before their step")
      ->check(Range(0, 1u << 20))
      ->capture_default_str();
  app.add_option("--tables", shape.tables, "places for tables of three symbols and more")
      ->check(Range(1, 1u << 14))
      ->capture_default_str();
  app.add_option("--compares", shape.compares, "starts of a table that a cycle compares")
      ->check(Range(1, 1u << 16))
      ->capture_default_str();
  app.add_option("--divide-bits", shape.divide_bits, "bits of a push's quotient in a cycle")
      ->check(Range(1, 62))
      ->capture_default_str();
  app.add_option("--latency", shape.latency,
                 "cycles of a network, from the last symbol that it waits for to its first number")
      ->check(Range(0, 1u << 20))
      ->capture_default_str();
  app.add_option(
      "--flip", options->flip,
      "a fault: this bit of the message's words, the bottom's lowest being 0, is flipped");
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "The unit is sim/fed/README.md's. Each step's symbol and state are compared with those of "
      "the\nrun, and the words that are left.\n"
      "Exit code: 0 all are equal, 1 they are not, 2 usage, 3 bad or damaged data.\n"
      "Example: transom bbans replay digits.tbbr --bytes-per-cycle 4 --latency 1000 --json");
  return [options] { return replay(*options); };
}

}  // namespace transom::cli::bbans
