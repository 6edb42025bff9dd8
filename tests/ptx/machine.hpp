// machine.hpp — runs PTX on the host, so that what nvcc makes of the kernels is tried without a
// GPU.
//
// What runs is the code for the device: its intrinsics, launches, tables in shared memory and
// barriers, all that the kernels' bodies on the host do not show. It looks for what
// compute-sanitizer looks for: accesses outside of the memory that a kernel is given or not
// aligned, shared memory that nothing was written to, and races there. It knows the instructions
// that the kernels have, and refuses others. PTX ISA 9.0, sections 5 (spaces) and 9 (instructions).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace transom::ptx {

enum class Opcode : std::uint8_t {
  kAdd,
  kAnd,
  kBar,
  kBfi,
  kBra,
  kClz,
  kCvt,
  kCvta,
  kDiv,
  kLd,
  kLop3,
  kMad,
  kMax,
  kMin,
  kMov,
  kMul,
  kNeg,
  kNot,
  kOr,
  kPrmt,
  kRem,
  kRet,
  kSelp,
  kSetp,
  kShf,
  kShfl,
  kShl,
  kShr,
  kSt,
  kSub,
  kXor
};

/// What is wrong with a module, or with what a kernel did: an address, a race, an instruction that
/// the machine does not know.
struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A type: its width, and whether it is signed.
struct Type {
  std::uint8_t bits = 32;  ///< 1 for a predicate
  bool is_signed = false;
};

enum class Space : std::uint8_t { kGeneric, kShared, kParam };

/// A register, a number, or an address that is one of both and a number.
struct Operand {
  int reg = -1;
  std::uint64_t number = 0;
};

struct Instruction {
  Opcode opcode{};
  Type type;  ///< the last one named; of cvt the source's
  Type to;    ///< of cvt, and of a wide product
  Space space = Space::kGeneric;
  std::string_view modifier;  ///< comparison; half or width of a product; direction of shf, shfl
  int guard = -1;             ///< predicate register
  bool guard_is = true;       ///< what it must be
  std::vector<Operand> to_operands;
  std::vector<Operand> operands;
  std::size_t target = 0;  ///< of bra
  unsigned line = 0;
};

struct Kernel {
  std::string name;  ///< demangled, without parameters
  std::vector<Instruction> code;
  std::map<std::string, int, std::less<>> registers;
  std::map<std::string, std::uint32_t, std::less<>> parameters;  ///< offsets
  std::uint32_t parameter_bytes = 0;
};

/// Registers that every thread has, at the beginning of its registers.
enum SpecialRegister : std::uint8_t { kTid, kNtid, kCtaid, kNctaid, kLaneid, kSpecialRegisters };

class Module {
 public:
  /// @param text it is looked at as long as the module is used. Throws Fault naming the line.
  explicit Module(std::string_view text);

  /// Throws Fault where there is none.
  const Kernel& kernel(std::string_view name) const;
  const std::vector<Kernel>& kernels() const { return kernels_; }
  /// Where a kernel's own shared memory ends and that of a launch begins.
  std::uint32_t static_shared() const { return static_shared_; }

 private:
  std::vector<Kernel> kernels_;
  std::map<std::string, std::uint32_t, std::less<>> shared_;
  std::uint32_t static_shared_ = 0;
  friend class Parser;
};

/// Memory that a kernel may use.
struct Region {
  const void* begin = nullptr;
  std::size_t n_bytes = 0;
  bool writable = false;
};

struct Grid {
  std::uint32_t n_blocks = 1;
  std::uint32_t n_threads = 1;     ///< of a block, a multiple of 32
  std::uint32_t shared_bytes = 0;  ///< of a launch
};

/// Runs a kernel, block after block. Throws Fault.
/// @param parameters as they lie in memory
void run(const Module& module, const Kernel& kernel, const Grid& grid,
         std::span<const std::byte> parameters, std::span<const Region> memory);

}  // namespace transom::ptx
