// common.hpp — what the verbs share: exit codes, coding options, results as JSON.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "transom/workbench/inputs.hpp"
#include "transom/workbench/progress.hpp"
#include "transom/workbench/text.hpp"

namespace transom::cli {

using namespace workbench;
using json = nlohmann::ordered_json;

/// What scripts can trust.
enum ExitCode : int { kFine = 0, kMismatch = 1, kUsage = 2, kBadData = 3 };

/// --coding, --table-log, --rows, --chunk, --spread, --search.
void add_coding(CLI::App& app, CodingOptions& options);
/// --streams: what a container holds of a tensor.
CLI::Option* add_streams(CLI::App& app, CodingOptions& options);
/// --lanes: of the hardware unit.
CLI::Option* add_lanes(CLI::App& app, CodingOptions& options);

void print(const json& result);

}  // namespace transom::cli
