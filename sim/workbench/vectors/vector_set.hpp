// vector_set.hpp — what `transom vectors` writes: golden vectors, and such as only hardware can
// have.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "transom/golden/vector_set.hpp"
#include "transom/unit/job.hpp"

namespace transom::workbench {

/// golden::write_vectors() with loads of tables that are none, and memory images.
golden::VectorCount write_vector_set(const std::filesystem::path& folder, std::uint32_t seed,
                                     golden::VectorForm form);

/// Good streams of `parent` behind tables and rows of which a word is none, without ids: every
/// stream ends as bad_table, and what comes before is what a unit decodes from what it keeps
/// (rtl/README.md). None of a vector that is no parent.
std::vector<golden::LaneVector> bad_loads(const golden::Vector& parent);
/// A load and its streams for the unit.
unit::Job load_job(const golden::LaneVector& load);
/// All bad loads of a set.
void add_bad_loads(golden::VectorSet& set);

/// Vectors, many in an image, for units behind AXI: axi/NAME.
void add_axi_images(golden::VectorSet& set);

}  // namespace transom::workbench
