// app.cpp — a verb's options, by CLI11.
// SPDX-License-Identifier: Apache-2.0
#include "app.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <new>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "transom/golden/errors.hpp"

namespace transom::cli {

struct Option::Impl {
  explicit Impl(CLI::Option* from) : option(from) {}
  CLI::Option* option;
  std::vector<std::function<std::string()>> why_no_effect = {};
};

Option::Option(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Option::~Option() = default;

Option* Option::required() {
  impl_->option->required();
  return this;
}
Option* Option::check(const Check& check) {
  if (check.members.empty()) {
    impl_->option->check(CLI::Range(check.low, check.high));
  } else {
    impl_->option->check(CLI::IsMember(check.members));
  }
  return this;
}
Option* Option::excludes(const Option* other) {
  impl_->option->excludes(other->impl_->option);
  return this;
}
Option* Option::needs(const Option* other) {
  impl_->option->needs(other->impl_->option);
  return this;
}
Option* Option::delimiter(char c) {
  impl_->option->delimiter(c);
  return this;
}
Option* Option::type_name(const std::string& name) {
  impl_->option->type_name(name);
  return this;
}
Option* Option::capture_default_str() {
  impl_->option->capture_default_str();
  return this;
}

Option* Option::no_effect_if(std::function<std::string()> why) {
  impl_->why_no_effect.push_back(std::move(why));
  return this;
}

bool Option::given() const { return impl_->option->count() != 0; }

void Option::check_effect() const {
  if (!given()) return;
  for (const auto& why : impl_->why_no_effect) {
    if (const std::string text = why(); !text.empty()) {
      throw std::invalid_argument(impl_->option->get_name() + " has no effect: " + text +
                                  "; leave it away");
    }
  }
}

struct App::Impl {
  explicit Impl(CLI::App* from) : app(from) {}
  CLI::App* app;
  std::vector<std::unique_ptr<Option>> options = {};
};

App::App(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
App::~App() = default;

Option* App::keep(std::unique_ptr<Option> option) {
  impl_->options.push_back(std::move(option));
  return impl_->options.back().get();
}

template <class T>
Option* App::add_option(const std::string& name, T& value, const std::string& what) {
  return keep(std::make_unique<Option>(
      std::make_unique<Option::Impl>(impl_->app->add_option(name, value, what))));
}
template Option* App::add_option(const std::string&, std::string&, const std::string&);
template Option* App::add_option(const std::string&, std::uint32_t&, const std::string&);
template Option* App::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option* App::add_option(const std::string&, std::optional<std::string>&,
                                 const std::string&);
template Option* App::add_option(const std::string&, std::optional<std::uint32_t>&,
                                 const std::string&);
template Option* App::add_option(const std::string&, std::optional<std::uint64_t>&,
                                 const std::string&);
template Option* App::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option* App::add_option(const std::string&, std::vector<std::uint32_t>&,
                                 const std::string&);

Option* App::add_option_function(const std::string& name,
                                 const std::function<void(const std::string&)>& take,
                                 const std::string& what) {
  const std::function<void(const std::string&)> checked = [take](const std::string& text) {
    try {
      take(text);
    } catch (const BadValue& bad) {
      throw CLI::ValidationError(bad.about, bad.what());
    }
  };
  return keep(std::make_unique<Option>(std::make_unique<Option::Impl>(
      impl_->app->add_option_function<std::string>(name, checked, what))));
}

Option* App::add_flag(const std::string& name, bool& value, const std::string& what) {
  return keep(std::make_unique<Option>(
      std::make_unique<Option::Impl>(impl_->app->add_flag(name, value, what))));
}

void App::footer(const std::string& text) { impl_->app->footer(text); }
void App::leave_all() {
  impl_->app->set_help_flag();
  impl_->app->prefix_command();
}
std::vector<std::string> App::remaining() const { return impl_->app->remaining(); }

bool App::parsed() const { return impl_->app->parsed(); }

void App::check_effects() const {
  for (const auto& option : impl_->options) option->check_effect();
}

std::string App::input() const {
  std::string names;
  for (const CLI::Option* option : impl_->app->get_options()) {
    const bool is_output = names.empty() && option->check_lname("output");
    if (!option->get_positional() && !is_output) continue;
    for (const std::string& name : option->results()) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

namespace {

/// Insertions, deletions and replacements that make one word the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

const Verb* find_verb(std::span<const Verb> verbs, std::string_view name) {
  const auto found =
      std::find_if(verbs.begin(), verbs.end(), [&](const Verb& verb) { return verb.name == name; });
  return found == verbs.end() ? nullptr : &*found;
}

/// Throws if a word stands where a verb should.
void check_verb(const Program& program, std::span<const Verb> verbs, std::string_view word) {
  if (word.starts_with('-') || find_verb(verbs, word) != nullptr) return;
  const auto& nearest =
      *std::min_element(verbs.begin(), verbs.end(), [&](const Verb& a, const Verb& b) {
        return distance(word, a.name) < distance(word, b.name);
      });
  throw std::invalid_argument("there is no verb '" + std::string(word) + "'; the nearest is '" +
                              nearest.name + "', `" + program.name + " --help` lists all");
}

}  // namespace

int run(const Program& program, std::span<const Verb> verbs, int argc, char** argv) {
  CLI::App app{program.what, program.name};
  app.set_version_flag("--version", program.version);
  app.require_subcommand(1);
  app.footer(program.footer);
  std::vector<std::unique_ptr<App>> kept;
  std::vector<Action> actions;
  for (const Verb& verb : verbs) {
    kept.push_back(std::make_unique<App>(
        std::make_unique<App::Impl>(app.add_subcommand(verb.name, verb.what))));
    actions.push_back(verb.add(*kept.back()));
  }
  const std::string word = argc > 1 ? argv[1] : "--";
  check_verb(program, verbs, word);
  const std::string help = program.name + (find_verb(verbs, word) ? " " + word : "") + " --help";
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // after --help
    throw std::invalid_argument(std::string(error.what()) + "; see `" + help + "`");
  }
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    if (!kept[i]->parsed()) continue;
    kept[i]->check_effects();
    const auto too_large = [&] {
      return golden::DataError(kept[i]->input() + ": memory: there is not enough; split the trace");
    };
    try {
      return actions[i]();
    } catch (const std::bad_alloc&) {
      throw too_large();
    } catch (const std::length_error&) {  // of what memory could never hold
      throw too_large();
    }
  }
  return 0;
}

}  // namespace transom::cli
