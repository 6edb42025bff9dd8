// common.hpp — what the verbs share: exit codes, coding options, results as JSON.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "app.hpp"
#include "transom/workbench/inputs.hpp"
#include "transom/workbench/progress.hpp"
#include "transom/workbench/text.hpp"

namespace transom::cli {

using namespace workbench;
using json = nlohmann::ordered_json;

/// What scripts can trust.
enum ExitCode : int { kFine = 0, kMismatch = 1, kUsage = 2, kBadData = 3 };

/// --coding, --table-log, --rows, --chunk, --spread, --search.
void add_coding(App& app, CodingOptions& options);
/// --streams: what a container holds of a tensor.
Option* add_streams(App& app, CodingOptions& options);
/// --lanes: of the hardware unit.
Option* add_lanes(App& app, CodingOptions& options);
/// An option whose value is kept in thousandths: "6.4" is 6400. @param most in units
Option* add_decimal(App& app, const std::string& name, std::uint32_t& thousandths,
                    std::uint32_t most, const std::string& what);

void print(const json& result);

}  // namespace transom::cli
