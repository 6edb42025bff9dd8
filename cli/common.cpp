// common.cpp — what the verbs share.
// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <iostream>

namespace transom::cli {
namespace {

std::vector<std::string> codec_names() {
  std::vector<std::string> names;
  for (const Codec& c : codecs()) names.emplace_back(c.name);
  return names;
}

}  // namespace

void add_coding(App& app, CodingOptions& options) {
  app.add_option("--coding", options.coding,
                 "how tensors are coded; one that would grow is stored raw instead")
      ->check(IsMember(codec_names()))
      ->capture_default_str();
  app.add_option("--table-log", options.table_log,
                 "R: tables of 2^R slots, 0..14 [default: what costs the fewest bits in total, "
                 "the table counted, up to 12; apack-ac always takes 10]")
      ->check(Range(0u, kMaxTableLog));
  app.add_option("--rows", options.rows,
                 "most value ranges of an APack table, 1..16 (16-bit tans and rans: 1..256) "
                 "[default: what costs the fewest bits in total]")
      ->check(Range(1u, kMaxAlphabet));
  app.add_option(
         "--chunk", options.chunk,
         "k: consecutive values per turn of a stream; 1 is in-order hardware, more suits a GPU")
      ->check(Range(1u, 0xffff'ffffu))
      ->capture_default_str();
  app.add_option("--spread", options.spread, "how tANS symbols lie over the slots")
      ->check(IsMember(spread_names()))
      ->capture_default_str();
  app.add_option(
         "--search", options.search,
         "where APack's ranges come from: the search that no table beats, or the one "
         "released with Atalanta (16 rows; apack-tans, apack-rans, apack-ac) to compare with")
      ->check(IsMember(search_names()))
      ->capture_default_str();
}

Option* add_streams(App& app, CodingOptions& options) {
  return app
      .add_option("--streams", options.n_streams,
                  "streams of a tensor, each with a state of its own [default: 4]")
      ->check(Range(1u, kMaxStreams));
}

Option* add_lanes(App& app, CodingOptions& options) {
  return app
      .add_option("--lanes", options.n_lanes,
                  "lanes of the hardware unit; a tensor gets as many streams as they decode")
      ->check(Range(1u, kMaxDecoderLanes));
}

void print(const json& result) { std::cout << result.dump(2) << '\n'; }

}  // namespace transom::cli
