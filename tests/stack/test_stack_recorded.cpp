// test_stack_recorded.cpp — every recorded codec of craystack and bits-back: its integer tables,
// and its message, both ways.
//
// Codecs are known by the head of their case's name; everything else by fields. What is not known
// is a failure, so that no case is passed over.
// SPDX-License-Identifier: Apache-2.0
#include <regex>

#include "codec_check.hpp"
#include "transom/stack/bits_back.hpp"
#include "transom/stack/generator.hpp"
#include "transom/stack/multiset.hpp"

namespace transom::stack {
namespace {

using support::check_codec;
using support::for_each_case;
using support::json;
using support::message_of;
using support::message_of_words;
using support::reals;
using support::row;
using Symbols = std::vector<std::uint32_t>;
using Numbers = std::vector<std::uint64_t>;

std::vector<unsigned> precisions_of(const json& value) {
  if (!value.is_array()) return {value.get<unsigned>()};
  return value.get<std::vector<unsigned>>();
}

/// A table per head against the recorded cumulative counts, one after the other.
void check_cdfs(const std::vector<Table>& tables, const json& flat) {
  Symbols cdfs;
  for (const Table& t : tables) cdfs.insert(cdfs.end(), t.cdf().begin(), t.cdf().end());
  CHECK(cdfs == flat.get<Symbols>());
}

/// lanes(make(i)) on a recorded message.
template <class Make>
auto check_lanes(const json& one, Make make) {
  const auto data = one["data"].get<Symbols>();
  std::vector<decltype(make(0u))> each;
  for (std::size_t i = 0; i < data.size(); ++i) {
    each.push_back(make(i));
    support::check_distribution(each.back(), std::max(data[i], 1u) + 1);
  }
  check_codec(message_of(one["init"]), lanes(each), data, message_of(one["final"]));
  return each;
}

/// craystack's codecs of distributions; false for another.
bool check_distributions(const json& one, const std::string& name) {
  const json& p = one["params"];
  const auto is = [&](const char* head) { return name.starts_with(head); };
  const auto number = [&](const char* field) { return p.at(field).get<double>(); };
  const auto bits = [&](const char* field) { return p.at(field).get<unsigned>(); };
  const auto hex = [&](const char* field) { return reals(p.at(field)); };
  const std::size_t n = one["data"].size();
  if (is("Uniform_")) {
    check_codec(message_of(one["init"]), lanes(Uniform(bits("precision"))),
                one["data"].get<Symbols>(), message_of(one["final"]));
  } else if (is("Bernoulli_f32")) {
    check_lanes(one, [&](std::size_t i) {
      return bernoulli(static_cast<float>(hex("p_hex")[i]), bits("prec"));
    });
  } else if (is("Bernoulli_f64")) {
    check_lanes(one, [&](std::size_t i) { return bernoulli(hex("p_hex")[i], bits("prec")); });
  } else if (is("CategoricalNew_")) {
    const auto weights = hex("weights_hex");
    check_cdfs(check_lanes(one,
                           [&](std::size_t i) {
                             return categorical_of_weights(row(weights, i, n), bits("prec"));
                           }),
               one["cum"]);
  } else if (is("Categorical_")) {
    const auto probs = hex("probs_hex");
    check_cdfs(check_lanes(
                   one, [&](std::size_t i) { return categorical(row(probs, i, n), bits("prec")); }),
               one["cum"]);
  } else if (is("Logistic_")) {
    const auto means = hex("means_hex"), scale = hex("log_scale_hex");
    check_lanes(one, [&](std::size_t i) {
      return logistic(means[i], scale[scale.size() == 1 ? 0 : i], bits("coding_prec"),
                      bits("bin_prec"), number("bin_lb"), number("bin_ub"));
    });
  } else if (is("LogisticMixture_")) {
    const auto means = hex("means_hex"), scales = hex("log_scales_hex"),
               logits = hex("logit_probs_hex");
    check_cdfs(check_lanes(one,
                           [&](std::size_t i) {
                             return logistic_mixture(row(means, i, n), row(scales, i, n),
                                                     row(logits, i, n), bits("coding_prec"),
                                                     bits("bin_prec"), number("bin_lb"),
                                                     number("bin_ub"));
                           }),
               one["cum"]);
  } else if (is("DiagGaussian_StdBins")) {
    const auto bins = std_gaussian_bins(bits("bin_prec"));
    check_lanes(one, [&](std::size_t i) {
      return gaussian(bins, hex("mean_hex")[i], hex("stdd_hex")[i], bits("coding_prec"));
    });
  } else if (is("DiagGaussian_GaussianBins")) {
    const auto bins = std_gaussian_bins(bits("bin_prec"));
    check_lanes(one, [&](std::size_t i) {
      return gaussian_in_gaussian_bins(bins, hex("mean_hex")[i], hex("stdd_hex")[i],
                                       hex("bin_mean_hex")[i], hex("bin_stdd_hex")[i],
                                       bits("coding_prec"));
    });
  } else if (is("DiagGaussian_UnifBins")) {
    const auto low = p["bin_min"].get<std::vector<double>>();
    const auto high = p["bin_max"].get<std::vector<double>>();
    check_lanes(one, [&](std::size_t i) {
      return gaussian_in_uniform_bins(hex("mean_hex")[i], hex("stdd_hex")[i], low[i % low.size()],
                                      high[i % high.size()], bits("coding_prec"), bits("n_bins"),
                                      p.at("rebalanced"));
    });
  } else if (is("_discretize_")) {
    const auto shape = p["cdf"] == "expit" ? CdfShape::kLogistic : CdfShape::kNormal;
    check_lanes(one, [&](std::size_t) {
      return discretised(shape, number("low"), number("high"), bits("bin_prec"),
                         bits("coding_prec"));
    });
  } else {
    return false;
  }
  return true;
}

/// "prec = (yield Uniform(16)); yield Uniform(prec)"
Generator<Lanes<Uniform>> width_then_number() {
  const Symbols widths = co_yield lanes(Uniform(16));
  std::vector<Uniform> each;
  for (const std::uint32_t w : widths) each.emplace_back(w);
  co_yield lanes(each);
}

/// p(x_j | x_{j-1}) = T[j, x_{j-1}], T[0, 0] for j = 0, on each head.
auto markov(const json& p) {
  const std::size_t C = p["C"], D = p["D"];
  return autoregressive<Symbols>(
      D, [=, T = reals(p["T_hex"]), R = p["coding_prec"].get<unsigned>(),
          B = p["B"].get<std::size_t>()](std::span<const Symbols> before) {
        std::vector<Table> each;
        for (std::size_t head = 0; head < B; ++head) {
          const std::size_t j = before.size(), last = j == 0 ? 0 : before[j - 1][head];
          each.push_back(categorical(row(T, j * C + last, D * C), R));
        }
        return lanes(each);
      });
}

/// Rows of n columns, transposed.
std::vector<Symbols> columns(const Symbols& data, std::size_t n) {
  std::vector<Symbols> all(n);
  for (std::size_t i = 0; i < data.size(); ++i) all[i % n].push_back(data[i]);
  return all;
}

/// craystack's combinators; false for another.
bool check_combinators(const json& one, const std::string& name) {
  const json& p = one["params"];
  const auto init = message_of(one["init"]), final = message_of(one["final"]);
  const auto is = [&](const char* head) { return name.starts_with(head); };
  if (is("BigUniform")) {
    check_codec(init, BigUniform(precisions_of(p["precision"])), one["data"].get<Numbers>(), final);
  } else if (is("Benford64")) {
    check_codec(init, Benford<>(), one["data"].get<Numbers>(), final);
  } else if (is("repeat_Uniform")) {
    check_codec(init, repeat(lanes(Uniform(p["precision"])), p["n"]),
                one["data"].get<std::vector<Symbols>>(), final);
  } else if (is("from_iterable_Uniform16x4_Benfordx3")) {
    const auto rows = one["data"].get<std::vector<Numbers>>();
    std::vector<Symbols> numbers;
    for (std::size_t i = 0; i < 4; ++i) numbers.emplace_back(rows[i].begin(), rows[i].end());
    check_codec(init, serial(repeat(lanes(Uniform(16)), 4), repeat(Benford<>(), 3)),
                {numbers, {rows.begin() + 4, rows.end()}}, final);
  } else if (is("from_generator")) {
    check_codec(init, from_generator(width_then_number), one["data"].get<std::vector<Symbols>>(),
                final);
  } else if (is("substack_")) {
    const Heads heads = Heads::at(support::step_of(one["push_trace"][0]).heads);
    check_codec(init, substack(repeat(lanes(Uniform(p["precision"])), p["n"]), heads),
                one["data"].get<std::vector<Symbols>>(), final);
  } else if (is("parallel_3")) {
    const auto precs = p["precs"].get<std::vector<unsigned>>();
    const auto sizes = p["sizes"].get<std::vector<std::size_t>>();
    const auto part = [&](std::size_t i) {
      std::size_t first = 0;
      for (std::size_t j = 0; j < i; ++j) first += sizes[j];
      return substack(lanes(Uniform(precs[i])), Heads(first, sizes[i]));
    };
    const auto data = one["data"].get<std::vector<Symbols>>();
    check_codec(init, parallel(part(0), part(1), part(2)), {data[0], data[1], data[2]}, final);
  } else if (is("AutoRegressive_markov")) {
    check_codec(init, markov(p), columns(one["data"], p["D"]), final);
  } else {
    return false;
  }
  return true;
}

/// bits-back's codecs of one symbol each, on one head.
template <class C>
void check_serial(const json& one, const std::vector<C>& codecs) {
  check_codec(message_of_words<Rans64x32Full>(one["init_flat"]), serial(codecs),
              one["data"].get<Symbols>(), message_of_words<Rans64x32Full>(one["final_flat"]));
}

template <class Real>
std::vector<Table> categoricals(const json& one) {
  const auto probs = reals<Real>(one["params"]["probs_hex"]);
  std::vector<Table> each;
  for (std::size_t i = 0; i < one["data"].size(); ++i) {
    each.push_back(categorical(std::span<const Real>(row(probs, i, one["data"].size())),
                               one["params"]["precision"], Rounding::kOneEach));
  }
  return each;
}

void check_bits_back(const json& one, const std::string& name) {
  const json& p = one["params"];
  const auto is = [&](const char* head) { return name.starts_with(head); };
  const std::size_t n = one["data"].size();
  std::vector<Table> each;
  if (is("uniforms_")) {
    check_serial(one, std::vector<Uniform>(n, Uniform(p["precision"])));
    return;
  }
  if (is("gaussian_latent_")) {
    const auto mean = reals<float>(p["mean_hex"]), stdd = reals<float>(p["stdd_hex"]);
    const auto bins = std_gaussian_bins<float>(p["prior_prec"]);
    std::vector<Gaussian<float>> gaussians;
    for (std::size_t i = 0; i < n; ++i) {
      gaussians.push_back(gaussian(bins, mean[i], stdd[i], p["post_prec"], Halves::kEven));
    }
    for (std::size_t i = 0; i < one["cum_first4"].size(); ++i) {
      each.push_back(gaussians[i].table());
      check_cdfs({each.back()}, one["cum_first4"][i]);
      support::check_distribution(gaussians[i], static_cast<std::uint32_t>(each[i].n_symbols()));
    }
    check_serial(one, gaussians);
    return;
  }
  if (is("non_uniforms_")) {
    each.assign(n, Table(p["cum"], p["precision"]));
  } else if (is("categoricals_f32")) {
    each = categoricals<float>(one);
  } else if (is("categoricals_")) {
    each = categoricals<double>(one);
  } else if (is("bernoullis_f32")) {
    for (const float prob : reals<float>(p["p_hex"])) {
      const float both[] = {1 - prob, prob};
      each.push_back(categorical(std::span<const float>(both), p["precision"], Rounding::kOneEach));
    }
  } else if (is("beta_binomials_")) {
    const auto a = reals(p["a_hex"]), b = reals(p["b_hex"]);
    for (std::size_t i = 0; i < n; ++i) {
      each.push_back(beta_binomial(p["n"], a[i], b[i], p["precision"]));
    }
  } else {
    FAIL_CHECK("not known: " << name);
  }
  for (std::size_t i = 0; one.contains("cum") && i < n; ++i) check_cdfs({each[i]}, one["cum"][i]);
  check_serial(one, each);
}

}  // namespace

TEST_CASE("craystack: every recorded codec has its tables and its message, both ways", "[stack]") {
  for_each_case({"push_trace", "params", "data"}, [](const json& one, const json&) {
    const std::string name = one["name"];
    const bool known = check_distributions(one, name) || check_combinators(one, name);
    CHECK(known);
  });
}

TEST_CASE("bits-back: every recorded codec has its tables and its message, both ways", "[stack]") {
  for_each_case({"init_flat", "params", "data"},
                [](const json& one, const json&) { check_bits_back(one, one["name"]); });
}

TEST_CASE("bits-back: test_beta_latent_cdf, test_binomial_cdf: tables that a name tells",
          "[stack]") {
  const std::regex number(R"(-?\d*\.?\d+)");
  for_each_case({"cum"}, [&](const json& one, const json&) {
    const std::string name = one["name"];
    std::vector<double> v;
    for (std::sregex_iterator i(name.begin(), name.end(), number), end; i != end; ++i) {
      v.push_back(std::stod(i->str()));
    }
    if (name.starts_with("beta_latent_cdf")) {
      REQUIRE(v.size() == 6);
      check_cdfs({beta_latent({v[0], v[1]}, {v[2], v[3]}, static_cast<unsigned>(v[4]),
                              static_cast<unsigned>(v[5]))},
                 one["cum"]);
    } else if (name.starts_with("binomial_cdf")) {
      REQUIRE(v.size() == 3);
      check_cdfs({binomial(static_cast<std::uint32_t>(v[0]), v[1], static_cast<unsigned>(v[2]))},
                 one["cum"]);
    }
  });
}

TEST_CASE("craystack, bits-back: recorded tables of normal distributions are ours", "[stack]") {
  for_each_case(
      {"mean", "stdd", "bin_prec", "coding_prec", "cum"}, [](const json& one, const json&) {
        const auto law = gaussian(std_gaussian_bins(one["bin_prec"]), one["mean"].get<double>(),
                                  one["stdd"].get<double>(), one["coding_prec"]);
        check_cdfs({law.table()}, one["cum"]);
      });
  for_each_case({"prec", "buckets_f64_hex", "centres_f64_hex"}, [](const json& one, const json&) {
    const auto bins = std_gaussian_bins(one["prec"]);
    const auto bins32 = std_gaussian_bins<float>(one["prec"]);
    CHECK(bins32->edges == reals<float>(one["buckets_f32_hex"]));
    CHECK(bins32->centres == reals<float>(one["centres_f32_hex"]));
    const auto near = [](const std::vector<double>& a, const std::vector<double>& b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
        return x == y || std::abs(x - y) <= 1e-15 * std::abs(y);
      });
    };
    CHECK(near(bins->edges, reals(one["buckets_f64_hex"])));
    CHECK(near(bins->centres, reals(one["centres_f64_hex"])));
  });
}

TEST_CASE("craystack: test_multiset: recorded sets give their messages, and come back sorted",
          "[stack]") {
  for_each_case({"insert_order", "symbol_codec", "sorted"}, [](const json& one, const json&) {
    std::smatch precision;
    const std::string name = one["symbol_codec"];
    REQUIRE(std::regex_match(name, precision, std::regex(R"(Uniform\((\d+)\))")));
    const auto symbols = one["insert_order"].get<Symbols>(), sorted = one["sorted"].get<Symbols>();
    const auto codec =
        multiset(lanes(Uniform(static_cast<unsigned>(std::stoul(precision[1])))), symbols.size());
    std::vector<Symbols> data, want;
    for (const std::uint32_t s : symbols) data.push_back({s});
    for (const std::uint32_t s : sorted) want.push_back({s});
    auto m = message_of(one["init"]);
    m.push(codec, data);
    CHECK(m == message_of(one["final"]));
    CHECK(m.pop(codec) == want);
    CHECK(m == message_of(one["init"]));
  });
}

TEST_CASE("craystack, bits-back: test_bb_ans: recorded messages of a model of tables", "[stack]") {
  for (const json& file : support::recorded_files()) {
    if (!file.contains("model") || !file["model"].contains("cum_prior")) continue;
    const json& model = file["model"];
    const auto tables = [&](const char* field, const char* precision) {
      std::vector<Table> all;
      for (const json& cdf : model[field]) all.emplace_back(cdf.get<Symbols>(), model[precision]);
      return all;
    };
    const Table prior(model["cum_prior"].get<Symbols>(), model["prior_prec"]);
    const auto likelihood = tables("cum_lik", "lik_prec"),
               posterior = tables("cum_post", "post_prec");
    for (const json& one : file["cases"]) {
      INFO(one["name"]);
      if (one.contains("init_flat")) {  // bits-back: appended first to last
        const auto codec = bb_ans(
            prior, [&](std::uint32_t z) -> const Table& { return likelihood[z]; },
            [&](std::uint32_t x) -> const Table& { return posterior[x]; });
        auto data = one["data"].get<Symbols>();
        auto m = message_of_words<Rans64x32Full>(one["init_flat"]);
        std::size_t n = 0;
        for (const json& after : one["after"]) {
          for (; n < after[0]; ++n) m.push(codec, data[n]);
          CHECK(flatten_raw(m) == after[1].get<Words>());
        }
        for (; n < data.size(); ++n) m.push(codec, data[n]);
        CHECK(flatten_raw(m) == one["final_flat"].get<Words>());
        while (n-- > 0) CHECK(m.pop(codec) == data[n]);
        CHECK(flatten_raw(m) == one["init_flat"].get<Words>());
        continue;
      }
      const std::size_t n_heads = one["lanes"];
      const bool split = one["view"] == "split";
      const std::size_t n = split ? n_heads / 2 : n_heads;
      const Heads z_heads(0, n), x_heads(split ? n : 0, n);
      const auto pick = [](const std::vector<Table>& all, const Symbols& which,
                           const Heads& heads) {
        std::vector<Table> each;
        for (const std::uint32_t i : which) each.push_back(all[i]);
        return substack(lanes(each), heads);
      };
      const auto codec = repeat(bb_ans(
                                    substack(lanes(prior), z_heads),
                                    [&](const Symbols& z) { return pick(likelihood, z, x_heads); },
                                    [&](const Symbols& x) { return pick(posterior, x, z_heads); }),
                                one["n"]);
      check_codec(message_of(one["init"]), codec, one["data"].get<std::vector<Symbols>>(),
                  message_of(one["final"]));
    }
  }
}

}  // namespace transom::stack
