// app.cpp — a verb's options, by CLI11.
// SPDX-License-Identifier: Apache-2.0
#include "app.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

namespace transom::cli {

struct Option::Impl {
  explicit Impl(CLI::Option* from) : option(from) {}
  CLI::Option* option;
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

int run(const Program& program, std::span<const Verb> verbs, int argc, char** argv, int usage) {
  CLI::App app{program.what, program.name};
  app.set_version_flag("--version", program.version);
  app.require_subcommand(1);
  app.footer(program.footer);
  std::vector<std::unique_ptr<App>> kept;
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Verb& verb : verbs) {
    CLI::App* sub = app.add_subcommand(verb.name, verb.what);
    kept.push_back(std::make_unique<App>(std::make_unique<App::Impl>(sub)));
    actions.emplace_back(sub, verb.add(*kept.back()));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage;
  }
  for (const auto& [sub, action] : actions) {
    if (sub->parsed()) return action();
  }
  return usage;
}

}  // namespace transom::cli
