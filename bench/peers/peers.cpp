// peers.cpp — times entropy coders on the same bytes in one run: ours, and those that Debian
// carries.
//
// All take turns within a round, so that a machine that is busy for a while is busy for each; what
// is told is the median of the rounds, in processor time of one thread. peers.py makes the data,
// adds the coder that PyPI carries, and prints the table.
//
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "peer.hpp"

namespace {

using transom::peers::Bytes;
using transom::peers::Coded;
using transom::peers::Peer;

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Seconds of one call, from as many as take `least` seconds.
template <class Work>
double time_of(double least, Work work) {
  const double start = seconds();
  for (unsigned n = 1;; ++n) {
    work();
    const double taken = seconds() - start;
    if (taken >= least) return taken / n;
  }
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file.good() || bytes.empty())
    throw std::runtime_error(path + ": cannot be read, or is empty");
  return bytes;
}

std::vector<Peer> all_peers() {
  std::vector<Peer> peers;
  transom::peers::add_transom(peers);
  transom::peers::add_zstd(peers);
  transom::peers::add_htscodecs(peers);
  transom::peers::add_copies(peers);
  return peers;
}

/// Peers begin anew: ours plan for the first values that they are given.
nlohmann::json time_all(Bytes values, unsigned rounds, double least) {
  const std::vector<Peer> peers = all_peers();
  std::vector<Coded> coded;
  std::vector<std::vector<double>> encode(peers.size()), decode(peers.size());
  std::vector<std::uint8_t> out(values.size());
  for (const Peer& peer : peers) {
    coded.push_back(peer.encode(values));
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    coded.back().decode(out);
    if (!std::equal(out.begin(), out.end(), values.begin())) {
      throw std::logic_error("peers: " + peer.library + ", " + peer.name +
                             ": other values come back");
    }
  }
  for (unsigned round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < peers.size(); ++i) {
      encode[i].push_back(time_of(least, [&] { peers[i].encode(values); }));
      decode[i].push_back(time_of(least, [&] { coded[i].decode(out); }));
    }
  }
  nlohmann::json rows = nlohmann::json::array();
  const auto n = static_cast<double>(values.size());
  for (std::size_t i = 0; i < peers.size(); ++i) {
    rows.push_back({{"family", peers[i].family},
                    {"library", peers[i].library},
                    {"name", peers[i].name},
                    {"bits_per_value", 8 * static_cast<double>(coded[i].n_bytes) / n},
                    {"encode_mb_per_s", n / 1e6 / median(encode[i])},
                    {"decode_mb_per_s", n / 1e6 / median(decode[i])}});
  }
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Times entropy coders on the bytes of files; prints JSON. ./dev peers runs it."};
  std::vector<std::string> files;
  unsigned rounds = 5;
  double least = 0.05;
  app.add_option("FILE", files, "bytes, a value each")->required();
  app.add_option("--rounds", rounds, "the median of so many is told")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--least", least, "seconds that a measurement takes at least")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    nlohmann::json all = nlohmann::json::object();
    for (const std::string& file : files) {
      const std::vector<std::uint8_t> values = read_file(file);
      all[file] = time_all(values, rounds, least);
    }
    std::cout << all.dump(1) << '\n';
  } catch (const std::logic_error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
  }
  return 0;
}
