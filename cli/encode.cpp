// encode.cpp — transom encode: a trace into a container.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;

Action add_encode(App& app) {
  struct Options {
    std::string trace, output;
    CodingOptions coding;
    UnitOptions unit;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  app.add_option("TRACE", options->trace, "what to code")->required();
  app.add_option("-o,--output", options->output, "the .tsm file to write")->required();
  add_coding(app, options->coding, {.unit = &options->unit});
  Option* streams = add_streams(app, options->coding, {.unit = &options->unit});
  Option* lanes = add_lanes(app, options->coding)->excludes(streams);
  add_for_unit(app, options->coding)->needs(lanes);
  add_unit(app, options->unit, [options] {
    const auto& goal = options->coding.for_unit;
    const bool planned = options->unit.wide() || (goal && *goal != "file");
    return planned ? "" : "only --for-unit bytes and cycles ask what the unit is like";
  });
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "With --lanes the file is for a hardware unit: each of its tensors fits the unit's kind of\n"
      "lane, and none is stored raw unless --for-unit file says so. `sim` codes a trace in the "
      "same way.\n"
      "With --unit wide it is of version 2: records as the wide unit reads them, each tensor raw "
      "or "
      "apack-nrans\n(--coding apack-tans: that), over as many streams as take fewest cycles of "
      "it.\n"
      "Example: transom encode golden/traces/digits_cnn_int8 -o digits.tsm --lanes 16");
  return [options] {
    const auto trace = read_trace_to_code(options->trace, options->coding);
    const bool wide = options->unit.wide();
    const auto coded = options->coding.n_lanes || wide
                           ? encode_for_unit(trace, options->coding, options->unit)
                           : encode_trace(trace, options->coding.plan());
    const auto bytes = wide ? write_wide_container(coded) : write_container(coded);
    write_file(options->output, bytes);
    std::uint64_t raw = 0, values = 0;
    std::size_t n_raw = 0;
    for (const CodedTensor& tensor : coded) {
      raw += raw_bytes(tensor);
      values += tensor.layout().n_values;
      n_raw += tensor.code.coding == Coding::kRaw;
    }
    const double ratio = static_cast<double>(raw) / static_cast<double>(bytes.size());
    if (options->as_json) {
      print({{"file", options->output},
             {"tensors", coded.size()},
             {"stored_raw", n_raw},
             {"values", values},
             {"raw_bytes", raw},
             {"bytes", bytes.size()},
             {"ratio", ratio}});
    } else {
      std::cout << printable(options->output) << ": " << coded.size() << " tensors (" << n_raw
                << " stored raw), " << values << " values, " << raw << " -> " << bytes.size()
                << " bytes, ratio " << fixed(ratio, 3) << " with all tables and headers\n";
    }
    return kFine;
  };
}

}  // namespace transom::cli
