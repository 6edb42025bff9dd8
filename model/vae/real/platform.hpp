// platform.hpp — where floating point was computed: its name, and a fingerprint of what it does.
//
// The name is for people. What decides is the fingerprint: two builds with other compilers that
// compute the same numbers decode each other's files, and a C library that is changed beneath a
// program is another platform.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "transom/vae/real/real_model.hpp"

namespace transom::vae {

/// Of the numbers and the messages that a model makes of probes here: README.md says of which.
std::uint32_t fingerprint(const RealModel& model);

/// Processor, compiler, C library and how it rounds, as FloatingPoint (images/image_file.hpp) has
/// it.
std::string platform_name();

}  // namespace transom::vae
