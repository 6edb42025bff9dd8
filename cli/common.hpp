// common.hpp — what the verbs share: exit codes, options, results as JSON.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "app.hpp"
#include "transom/base/printable.hpp"
#include "transom/workbench/inputs.hpp"
#include "transom/workbench/progress.hpp"
#include "transom/workbench/system/unit_plan.hpp"
#include "transom/workbench/text.hpp"

namespace transom::cli {

using namespace workbench;
using json = nlohmann::ordered_json;

/// What scripts can trust; docs/errors.md says when.
enum ExitCode : int { kFine = 0, kMismatch = 1, kUsage = 2, kBadData = 3 };

/// A verb's INPUT that may be a container, whose tensors are coded already; and the unit that its
/// tensors are coded for.
struct ContainerUse {
  const std::string* input = nullptr;  ///< none: the verb takes traces alone
  bool table_log_is_units = false;     ///< --table-log is for the unit, too
  const UnitOptions* unit = nullptr;   ///< none: the verb has no --unit

  bool holds() const { return input != nullptr && is_container(*input); }
  std::string why() const { return *input + " is coded already"; }
};

/// --coding, --table-log, --rows, --chunk, --spread, --search, --tile; returns --chunk.
Option* add_coding(App& app, CodingOptions& options, ContainerUse container = {});
/// --streams: what a container holds of a tensor.
Option* add_streams(App& app, CodingOptions& options, ContainerUse container = {});
/// --lanes: of the hardware unit.
Option* add_lanes(App& app, CodingOptions& options);
/// --max-rows: of a bank of the hardware unit.
Option* add_max_rows(App& app, std::optional<unsigned>& rows, const std::string& otherwise);
/// --for-unit: what a plan makes least.
Option* add_for_unit(App& app, CodingOptions& options, ContainerUse container = {});
/// The unit and its memory: --unit, --halves, --bus-bits, --burst-beats, --fifo-beats,
/// --value-beats,
/// --mem-bytes-per-cycle, --mem-latency, --mem-outstanding. @param why_not they would change
/// nothing
void add_unit(App& app, UnitOptions& options, const std::function<std::string()>& why_not);
/// Why what decoder_axi alone has changes nothing; empty if the unit is that.
std::string why_not_of_wide(const UnitOptions* unit);
/// --threads: 0, if it is not given, is all processors.
Option* add_threads(App& app, std::size_t& threads);
/// An option whose value is kept in thousandths: "6.4" is 6400. @param most in units
Option* add_decimal(App& app, const std::string& name, std::uint32_t& thousandths,
                    std::uint32_t most, const std::string& what);

/// On stdout, texts printable.
void print(json result);

/// What `python3 -m transom.PACKAGE ARGUMENTS` prints, given bytes as its standard input. Throws
/// DataError with what it said if it fails.
std::string ask_python(const std::string& package, const std::vector<std::string>& arguments,
                       std::span<const std::uint8_t> input);

/// Throws DataError if a file that a long run ends with could not be written even now.
void check_will_be_written(const std::filesystem::path& file);

}  // namespace transom::cli
