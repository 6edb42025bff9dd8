// app.hpp — a verb's options, in the words of CLI11 but without its headers.
//
// These are templates that take the compiler half of its time in every file; so only app.cpp has
// them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace transom::cli {

/// What a value of an option must be.
struct Check {
  std::vector<std::string> members;  ///< one of these; or, if there are none,
  std::uint32_t low = 0;             ///< at least this
  std::uint32_t high = 0;            ///< and at most this
};
inline Check Range(std::uint32_t low, std::uint32_t high) { return {{}, low, high}; }
inline Check IsMember(std::vector<std::string> names) { return {std::move(names)}; }

/// Thrown where a value is read: a usage error.
struct BadValue : std::invalid_argument {
  BadValue(std::string who, const std::string& what)
      : std::invalid_argument(what), about(std::move(who)) {}
  std::string about;  ///< the option or its value
};

class Option {
 public:
  struct Impl;
  explicit Option(std::unique_ptr<Impl> impl);
  ~Option();

  Option* required();
  Option* check(const Check& check);
  Option* excludes(const Option* other);
  Option* needs(const Option* other);
  Option* delimiter(char c);
  Option* type_name(const std::string& name);
  Option* capture_default_str();
  /// Refuses the option, where it is given and `why` says why it would change nothing. Called when
  /// all options are known.
  Option* no_effect_if(std::function<std::string()> why);
  /// Throws std::invalid_argument if it is given and changes nothing.
  void check_effect() const;

 private:
  std::unique_ptr<Impl> impl_;
};

class App {
 public:
  struct Impl;
  explicit App(std::unique_ptr<Impl> impl);
  ~App();

  /// T: a string, an unsigned number of 32 or 64 bits; an optional of one; a vector of one.
  template <class T>
  Option* add_option(const std::string& name, T& value, const std::string& what);
  Option* add_option_function(const std::string& name,
                              const std::function<void(const std::string&)>& take,
                              const std::string& what);
  Option* add_flag(const std::string& name, bool& value, const std::string& what);
  void footer(const std::string& text);
  /// All that follows the verb is for another program, --help too.
  void leave_all();
  std::vector<std::string> remaining() const;
  bool parsed() const;
  void check_effects() const;
  /// The files of the command line, for a message: those that are read, else what is written.
  std::string input() const;

 private:
  Option* keep(std::unique_ptr<Option> option);
  std::unique_ptr<Impl> impl_;
};

/// What runs when its verb was chosen; returns the exit code.
using Action = std::function<int()>;

struct Verb {
  const char* name;
  const char* what;
  Action (*add)(App&);
};

/// What `transom --help` and `transom --version` say beside the verbs.
struct Program {
  const char* name;
  std::string version;
  const char* what;
  const char* footer;
};

/// Runs the verb that the arguments name. Returns its exit code; 0 after --help. Throws
/// std::invalid_argument where the arguments are wrong, golden::DataError naming the verb's input
/// where memory is short.
int run(const Program& program, std::span<const Verb> verbs, int argc, char** argv);

}  // namespace transom::cli
