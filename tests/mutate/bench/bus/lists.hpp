// lists.hpp — lists of descriptors that no driver makes: each bit of one wrong, each limit, each
// moment of an abort.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "transom/coverage/system_cases.hpp"

namespace transom::mutate {

struct NamedCase {
  std::string name;
  coverage::SystemCase of;
  bool on_clocks = true;  ///< what comes hangs on when: there is an abort, a reset, a failed read
};

/// Of a decoder_axi, whose lanes take a coding of APack's.
std::vector<NamedCase> odd_lists(const system::AxiShape& shape, unsigned addr_bits, Coding coding);

/// Streams of those lists that end late, and tables of which many slots are visited.
std::vector<NamedCase> late_ends(const system::AxiShape& shape, Coding coding);

/// Of a decoder_wide of narrow rANS: sections of which each bit is wrong, and the like.
std::vector<NamedCase> odd_sections(const wide::Parameters& unit);

/// Starts of a list: in each one more clock before its abort or its reset.
std::vector<NamedCase> early_ends(const coverage::SystemCase& list);

}  // namespace transom::mutate
