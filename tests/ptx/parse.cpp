// parse.cpp — PTX's text to what machine.hpp runs.
// SPDX-License-Identifier: Apache-2.0
#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "machine.hpp"

namespace transom::ptx {
namespace {

constexpr std::pair<std::string_view, Opcode> kOpcodes[] = {
    {"add", Opcode::kAdd}, {"and", Opcode::kAnd},   {"bar", Opcode::kBar},
    {"bfi", Opcode::kBfi}, {"bra", Opcode::kBra},   {"clz", Opcode::kClz},
    {"cvt", Opcode::kCvt}, {"cvta", Opcode::kCvta}, {"div", Opcode::kDiv},
    {"ld", Opcode::kLd},   {"lop3", Opcode::kLop3}, {"mad", Opcode::kMad},
    {"max", Opcode::kMax}, {"min", Opcode::kMin},   {"mov", Opcode::kMov},
    {"mul", Opcode::kMul}, {"neg", Opcode::kNeg},   {"not", Opcode::kNot},
    {"or", Opcode::kOr},   {"prmt", Opcode::kPrmt}, {"rem", Opcode::kRem},
    {"ret", Opcode::kRet}, {"selp", Opcode::kSelp}, {"setp", Opcode::kSetp},
    {"shf", Opcode::kShf}, {"shfl", Opcode::kShfl}, {"shl", Opcode::kShl},
    {"shr", Opcode::kShr}, {"st", Opcode::kSt},     {"sub", Opcode::kSub},
    {"xor", Opcode::kXor},
};
constexpr std::string_view kSpecial[] = {"%tid.x", "%ntid.x", "%ctaid.x", "%nctaid.x", "%laneid"};
static_assert(std::size(kSpecial) == kSpecialRegisters);

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' ||
         c == '.';
}

std::optional<Type> to_type(std::string_view word) {
  if (word == "pred") return Type{1, false};
  if (word.size() < 2 || (word[0] != 'u' && word[0] != 's' && word[0] != 'b')) return {};
  unsigned bits = 0;
  std::from_chars(word.data() + 1, word.data() + word.size(), bits);
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) return {};
  return Type{static_cast<std::uint8_t>(bits), word[0] == 's'};
}

std::string demangled(std::string_view name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(std::string(name).c_str(), nullptr, nullptr, &status), &std::free);
  std::string full = status == 0 ? text.get() : std::string(name);
  if (full.starts_with("void ")) full.erase(0, 5);
  // Without the parameters: up to the parenthesis that the last one closes.
  if (full.empty() || full.back() != ')') return full;
  int depth = 0;
  for (std::size_t i = full.size(); i-- > 0;) {
    depth += full[i] == ')' ? 1 : full[i] == '(' ? -1 : 0;
    if (depth == 0) return full.substr(0, i);
  }
  return full;
}

}  // namespace

/// A walk through the text, token by token.
class Parser {
 public:
  Parser(std::string_view text, Module& module) : text_(text), module_(module) {}

  void parse() {
    for (std::string_view token = next(); !token.empty(); token = next()) {
      if (token == ".entry") {
        entry();
      } else if (token == ".shared") {
        shared();
      } else if (token == ".global" || token == ".const") {
        while (next() != ";") {  // who uses one is refused: there is no such variable
        }
      } else if (token == ".version" || token == ".target" || token == ".address_size") {
        next();
      } else if (token != ".visible" && token != ".extern" && token != ".weak") {
        fail("does not know " + std::string(token));
      }
    }
    // What launches bring begins behind what kernels have.
    for (const std::string& name : external_) module_.shared_[name] = module_.static_shared_;
    for (Kernel& kernel : module_.kernels_) resolve(kernel);
  }

 private:
  struct Label {
    std::size_t kernel, instruction;
    std::string name;
  };

  [[noreturn]] void fail(const std::string& what) const {
    throw Fault("PTX, line " + std::to_string(line_) + ": " + what);
  }

  /// A name, a number, or one character; empty at the end.
  std::string_view next() {
    if (!held_.empty()) return std::exchange(held_, {});
    while (at_ < text_.size()) {
      if (text_[at_] == '\n') ++line_;
      if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::isspace(static_cast<unsigned char>(text_[at_]))) {
        ++at_;
      } else {
        break;
      }
    }
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return {};
    if (text_[at_] == '-' || is_name(text_[at_])) {
      for (++at_; at_ < text_.size() && is_name(text_[at_]);) ++at_;
    } else {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }
  std::string_view peek() {
    if (held_.empty()) held_ = next();
    return held_;
  }
  void expect(std::string_view wanted) {
    if (const std::string_view token = next(); token != wanted) {
      fail("wants " + std::string(wanted) + ", not " + std::string(token));
    }
  }
  std::uint64_t number(std::string_view token) const {
    const bool negative = token.starts_with('-');
    if (negative) token.remove_prefix(1);
    int base = 10;
    if (token.starts_with("0x")) {
      base = 16;
      token.remove_prefix(2);
    }
    if (token.ends_with('U')) token.remove_suffix(1);
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(token.data(), token.data() + token.size(), value, base);
    if (error != std::errc() || end != token.data() + token.size()) {
      fail("no number: " + std::string(token));
    }
    return negative ? -value : value;
  }
  /// ".align 8 .b8 name[96]", the type said: its name, alignment and bytes; 0 of an external one.
  std::pair<std::string, std::array<std::uint32_t, 2>> variable() {
    std::uint32_t alignment = 0, bytes = 0;
    if (peek() == ".align") {
      next();
      alignment = static_cast<std::uint32_t>(number(next()));
    }
    const std::string_view type_name = next().substr(1);
    const std::optional<Type> type = to_type(type_name);
    if (!type) fail("no type: " + std::string(type_name));
    bytes = type->bits / 8;
    if (alignment == 0) alignment = bytes;
    const std::string name(next());
    if (peek() == "[") {
      next();
      bytes = peek() == "]" ? 0 : bytes * static_cast<std::uint32_t>(number(next()));
      expect("]");
    }
    return {name, {alignment, bytes}};
  }
  void shared() {
    const auto [name, size] = variable();
    expect(";");
    if (size[1] == 0) {
      external_.push_back(name);
    } else {
      std::uint32_t& end = module_.static_shared_;
      end = (end + size[0] - 1) / size[0] * size[0];
      module_.shared_[name] = end;
      end = (end + size[1] + 15) / 16 * 16;
    }
  }

  void entry() {
    Kernel kernel;
    kernel.name = demangled(next());
    for (int i = 0; i < kSpecialRegisters; ++i) kernel.registers.emplace(kSpecial[i], i);
    expect("(");
    while (peek() != ")") {
      expect(".param");
      const auto [name, size] = variable();
      kernel.parameter_bytes = (kernel.parameter_bytes + size[0] - 1) / size[0] * size[0];
      kernel.parameters[name] = kernel.parameter_bytes;
      kernel.parameter_bytes += size[1];
      if (peek() == ",") next();
    }
    while (next() != "{") {  // bounds of a launch
    }
    for (int depth = 1; depth > 0;) {
      const std::string_view token = next();
      if (token.empty()) fail("a kernel without its end");
      if (token == "{" || token == "}") {
        depth += token == "{" ? 1 : -1;
      } else if (token == ".reg" || token == ".pragma") {
        while (next() != ";") {  // registers are found where they are used
        }
      } else if (token == ".shared") {
        shared();
      } else if (token.starts_with("$")) {
        expect(":");
        labels_.push_back({module_.kernels_.size(), kernel.code.size(), std::string(token)});
      } else {
        instruction(kernel, token);
      }
    }
    module_.kernels_.push_back(std::move(kernel));
  }

  void instruction(Kernel& kernel, std::string_view token) {
    Instruction own;
    if (token == "@") {
      token = next();
      own.guard_is = token != "!";
      if (!own.guard_is) token = next();
      own.guard = operand(kernel, token).reg;
      token = next();
    }
    own.line = line_;
    std::vector<std::string_view> words;
    for (std::size_t begin = 0; begin <= token.size();) {
      const std::size_t end = std::min(token.find('.', begin), token.size());
      words.push_back(token.substr(begin, end - begin));
      begin = end + 1;
    }
    const auto* const known = std::find_if(std::begin(kOpcodes), std::end(kOpcodes),
                                           [&](const auto& o) { return o.first == words[0]; });
    if (known == std::end(kOpcodes)) fail("does not know " + std::string(token));
    own.opcode = known->second;
    own.to.bits = 0;
    for (std::size_t i = 1; i < words.size(); ++i) word(own, words[i], token);
    if (own.opcode == Opcode::kBra) {
      branches_.push_back({module_.kernels_.size(), kernel.code.size(), std::string(next())});
      expect(";");
    } else {
      operands(kernel, own);
    }
    kernel.code.push_back(std::move(own));
  }
  void word(Instruction& own, std::string_view word, std::string_view all) const {
    if (const std::optional<Type> type = to_type(word)) {
      if (own.to.bits == 0) own.to = *type;
      own.type = *type;
    } else if (word == "shared" || word == "param") {
      own.space = word == "shared" ? Space::kShared : Space::kParam;
    } else if (word == "lo" || word == "wide" || word == "l" || word == "r" || word == "up" ||
               word == "idx" || word == "eq" || word == "ne" || word == "lt" || word == "le" ||
               word == "gt" || word == "ge") {
      own.modifier = word;
    } else if (word != "global" && word != "to" && word != "sync" && word != "wrap" &&
               word != "uni" && word != "v2" && word != "v4" && word != "nc") {
      fail("does not know " + std::string(word) + " of " + std::string(all));
    }
  }
  Operand operand(Kernel& kernel, std::string_view token) {
    if (token.starts_with('%')) {
      const int fresh = static_cast<int>(kernel.registers.size());
      const auto [found, is_new] = kernel.registers.emplace(token, fresh);
      if (is_new && token.find('.') != token.npos) fail("does not know " + std::string(token));
      return {found->second, 0};
    }
    if (token.starts_with('-') || std::isdigit(static_cast<unsigned char>(token[0]))) {
      return {-1, number(token)};
    }
    if (const auto found = kernel.parameters.find(token); found != kernel.parameters.end()) {
      return {-1, found->second};
    }
    symbols_.push_back({module_.kernels_.size(), 0, std::string(token)});
    return {-static_cast<int>(symbols_.size()) - 1, 0};  // see resolve()
  }
  /// All operands of an instruction: those that it writes first.
  void operands(Kernel& kernel, Instruction& own) {
    bool writes = own.opcode != Opcode::kSt && own.opcode != Opcode::kBar;
    while (peek() != ";") {
      std::vector<Operand>& list = writes ? own.to_operands : own.operands;
      std::string_view token = next();
      if (token == "{") {
        while (token != "}") {
          list.push_back(operand(kernel, next()));
          token = next();
        }
      } else if (token == "[") {
        list.push_back(operand(kernel, next()));
        if (peek() == "+") {
          next();
          list.back().number += number(next());
        }
        expect("]");
      } else {
        list.push_back(operand(kernel, token));
        if (peek() == "|") {
          next();
          list.push_back(operand(kernel, next()));
        }
      }
      if (peek() == ",") next();
      writes = false;
    }
    expect(";");
  }

  /// Names of labels and of shared memory to what they are.
  void resolve(Kernel& kernel) {
    const auto number_of = static_cast<std::size_t>(&kernel - module_.kernels_.data());
    for (const Label& branch : branches_) {
      if (branch.kernel != number_of) continue;
      const auto label = std::find_if(labels_.begin(), labels_.end(), [&](const Label& l) {
        return l.kernel == number_of && l.name == branch.name;
      });
      if (label == labels_.end()) throw Fault("PTX: no label " + branch.name);
      kernel.code[branch.instruction].target = label->instruction;
    }
    for (Instruction& own : kernel.code) {
      for (Operand& operand : own.operands) {
        if (operand.reg >= -1) continue;
        const std::string& name = symbols_[static_cast<std::size_t>(-operand.reg) - 2].name;
        const auto found = module_.shared_.find(name);
        if (found == module_.shared_.end()) throw Fault("PTX: no variable " + name);
        operand = {-1, operand.number + found->second};
      }
    }
  }

  std::string_view text_;
  Module& module_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::string_view held_;
  std::vector<std::string> external_;
  std::vector<Label> labels_, branches_, symbols_;
};

Module::Module(std::string_view text) { Parser(text, *this).parse(); }

const Kernel& Module::kernel(std::string_view name) const {
  for (const Kernel& kernel : kernels_) {
    if (kernel.name == name) return kernel;
  }
  throw Fault("PTX: no kernel " + std::string(name));
}

}  // namespace transom::ptx
