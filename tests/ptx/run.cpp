// run.cpp — the threads of a launch, instruction by instruction.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "machine.hpp"

namespace transom::ptx {
namespace {

constexpr std::uint32_t kWarp = 32;
constexpr std::uint32_t kSeveral = ~std::uint32_t{0};  ///< threads

std::uint64_t cut(std::uint64_t value, unsigned bits) {
  return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}
std::int64_t signed_of(std::uint64_t value, unsigned bits) {
  return static_cast<std::int64_t>(value << (64 - bits)) >> (64 - bits);
}
/// The value of a type, so that it can be compared and divided in 64 bits.
std::uint64_t widened(std::uint64_t value, const Type& type) {
  return type.is_signed ? static_cast<std::uint64_t>(signed_of(value, type.bits))
                        : cut(value, type.bits);
}

struct Thread {
  enum State : std::uint8_t { kRuns, kAtBarrier, kAtShuffle, kEnded };
  std::vector<std::uint64_t> registers;
  std::size_t at = 0;
  State state = kRuns;
};

class Block {
 public:
  Block(const Module& module, const Kernel& kernel, const Grid& grid, std::uint32_t number,
        std::span<const std::byte> parameters, std::span<const Region> memory)
      : kernel_(kernel),
        parameters_(parameters),
        memory_(memory),
        number_(number),
        shared_((module.static_shared() + grid.shared_bytes + 15) / 16),
        marks_(module.static_shared() + grid.shared_bytes) {
    for (std::uint32_t t = 0; t < grid.n_threads; ++t) {
      Thread& thread = threads_.emplace_back();
      thread.registers.resize(kernel.registers.size());
      thread.registers[kTid] = t;
      thread.registers[kNtid] = grid.n_threads;
      thread.registers[kCtaid] = number;
      thread.registers[kNctaid] = grid.n_blocks;
      thread.registers[kLaneid] = t % kWarp;
    }
  }

  void run() {
    for (bool any = true; any;) {
      for (std::uint32_t t = 0; t < threads_.size(); ++t) run_thread(t);
      bool shuffled = false;
      for (std::uint32_t first = 0; first < threads_.size(); first += kWarp) {
        shuffled |= shuffle(first);
      }
      any = shuffled || pass_barrier();
    }
  }

 private:
  struct alignas(16) Bytes16 {
    std::byte bytes[16];
  };
  /// Who used a byte of shared memory last, and between which barriers; 0: nobody.
  struct Mark {
    std::uint32_t written = 0, writer = 0, read = 0, reader = 0;
  };

  [[noreturn]] void fail(std::uint32_t t, const std::string& what) const {
    const Instruction& own = kernel_.code[threads_[t].at];
    throw Fault(kernel_.name + ", block " + std::to_string(number_) + ", thread " +
                std::to_string(t) + ", line " + std::to_string(own.line) + " of the PTX: " + what);
  }

  bool shuffle(std::uint32_t first) {
    const auto warp = std::span(threads_).subspan(first, kWarp);
    if (std::none_of(warp.begin(), warp.end(),
                     [](const Thread& t) { return t.state == Thread::kAtShuffle; })) {
      return false;
    }
    const Instruction& own = kernel_.code[warp[0].at];
    std::array<std::uint64_t, kWarp> values{};
    for (std::uint32_t lane = 0; lane < kWarp; ++lane) {
      if (warp[lane].state != Thread::kAtShuffle || warp[lane].at != warp[0].at ||
          cut(value(warp[lane], own.operands[3]), 32) != 0xffff'ffff) {
        fail(first + lane, "a warp's threads shuffle apart");
      }
      values[lane] = value(warp[lane], own.operands[0]);
    }
    for (std::uint32_t lane = 0; lane < kWarp; ++lane) {
      Thread& thread = warp[lane];
      const auto by = static_cast<std::uint32_t>(value(thread, own.operands[1]) % kWarp);
      const auto clamp = static_cast<std::uint32_t>(value(thread, own.operands[2]));
      const std::uint32_t segment = clamp >> 8 & 31, least = lane & segment;
      const std::uint32_t most = least | (clamp & 31 & ~segment);
      const bool is_up = own.modifier == "up";
      const std::uint32_t from = is_up ? lane - by : least | (by & ~segment);
      // Up, the bound is the least lane, and from may lie below lane 0.
      const bool in =
          is_up ? static_cast<std::int32_t>(from) >= static_cast<std::int32_t>(most) : from <= most;
      thread.registers[static_cast<std::size_t>(own.to_operands[0].reg)] = values[in ? from : lane];
      if (own.to_operands.size() > 1) {
        thread.registers[static_cast<std::size_t>(own.to_operands[1].reg)] = in;
      }
      ++thread.at;
      thread.state = Thread::kRuns;
    }
    return true;
  }
  bool pass_barrier() {
    bool waits = false, ended = false;
    for (std::uint32_t t = 0; t < threads_.size(); ++t) {
      waits |= threads_[t].state == Thread::kAtBarrier;
      ended |= threads_[t].state == Thread::kEnded;
    }
    if (waits && ended) throw Fault(kernel_.name + ": a barrier that not all threads reach");
    if (!waits) return false;
    for (Thread& thread : threads_) {
      thread.state = Thread::kRuns;
      ++thread.at;
    }
    ++epoch_;
    return true;
  }

  void run_thread(std::uint32_t t) {
    Thread& thread = threads_[t];
    while (thread.state == Thread::kRuns) {
      const Instruction& own = kernel_.code[thread.at];
      const bool runs = own.guard < 0 || (thread.registers[static_cast<std::size_t>(own.guard)] !=
                                          0) == own.guard_is;
      if (!runs) {
        ++thread.at;
        continue;
      }
      switch (own.opcode) {
        case Opcode::kRet:
          thread.state = Thread::kEnded;
          break;
        case Opcode::kBar:
          thread.state = Thread::kAtBarrier;
          break;
        case Opcode::kShfl:
          thread.state = Thread::kAtShuffle;
          break;
        case Opcode::kBra:
          thread.at = own.target;
          break;
        case Opcode::kLd:
        case Opcode::kSt:
          access(t, own);
          ++thread.at;
          break;
        case Opcode::kMov:
          move(t, own);
          ++thread.at;
          break;
        default:
          thread.registers[static_cast<std::size_t>(own.to_operands[0].reg)] = result(t, own);
          ++thread.at;
      }
    }
  }

  static std::uint64_t value(const Thread& thread, const Operand& operand) {
    return operand.reg < 0
               ? operand.number
               : thread.registers[static_cast<std::size_t>(operand.reg)] + operand.number;
  }

  /// Registers of some width each to one of the sum of their widths, or back.
  void move(std::uint32_t t, const Instruction& own) {
    Thread& thread = threads_[t];
    std::uint64_t all = 0;
    const auto from_bits = own.type.bits / static_cast<unsigned>(own.operands.size());
    const auto to_bits = own.type.bits / static_cast<unsigned>(own.to_operands.size());
    for (std::size_t i = 0; i < own.operands.size(); ++i) {
      all |= cut(value(thread, own.operands[i]), from_bits) << i * from_bits;
    }
    for (std::size_t i = 0; i < own.to_operands.size(); ++i) {
      thread.registers[static_cast<std::size_t>(own.to_operands[i].reg)] =
          cut(all >> i * to_bits, to_bits);
    }
  }

  void access(std::uint32_t t, const Instruction& own) {
    Thread& thread = threads_[t];
    const bool reads = own.opcode == Opcode::kLd;
    const std::vector<Operand>& values = reads ? own.to_operands : own.operands;
    const std::size_t n = reads ? values.size() : values.size() - 1, bytes = own.type.bits / 8;
    std::uint64_t address = value(thread, own.operands[0]);
    std::byte* const shared = reinterpret_cast<std::byte*>(shared_.data());
    const std::byte* from = nullptr;
    if (own.space == Space::kParam) {
      if (address + n * bytes > parameters_.size()) fail(t, "reads behind its parameters");
      from = parameters_.data() + address;
    } else {
      if (address % (n * bytes) != 0) fail(t, "an address that is not aligned");
      if (own.space == Space::kShared) {
        address = cut(address, 32) + reinterpret_cast<std::uintptr_t>(shared);
      }
      const std::uint64_t in_shared = address - reinterpret_cast<std::uintptr_t>(shared);
      if (in_shared < marks_.size()) {
        use_shared(t, in_shared, n * bytes, reads);
      } else if (own.space == Space::kShared) {
        fail(t, "outside of its shared memory");
      } else {
        check_memory(t, address, n * bytes, reads);
      }
      from = reinterpret_cast<const std::byte*>(address);
    }
    for (std::size_t i = 0; i < n; ++i) {
      std::uint64_t one = 0;
      if (reads) {
        std::memcpy(&one, from + i * bytes, bytes);
        thread.registers[static_cast<std::size_t>(values[i].reg)] = widened(one, own.type);
      } else {
        one = value(thread, values[i + 1]);
        std::memcpy(const_cast<std::byte*>(from) + i * bytes, &one, bytes);
      }
    }
  }
  void check_memory(std::uint32_t t, std::uint64_t address, std::size_t bytes, bool reads) const {
    for (const Region& region : memory_) {
      const std::uint64_t at = address - reinterpret_cast<std::uintptr_t>(region.begin);
      if (at < region.n_bytes && bytes <= region.n_bytes - at && (reads || region.writable)) return;
    }
    fail(t, std::string(reads ? "reads" : "writes") + " where it has no memory");
  }
  void use_shared(std::uint32_t t, std::uint64_t at, std::size_t bytes, bool reads) {
    if (bytes > marks_.size() - at) fail(t, "outside of its shared memory");
    for (Mark& mark : std::span(marks_).subspan(at, bytes)) {
      if (reads && mark.written == 0) fail(t, "reads shared memory that nobody wrote to");
      if (mark.written == epoch_ && mark.writer != t) fail(t, "a race with a thread that writes");
      if (!reads && mark.read == epoch_ && mark.reader != t) {
        fail(t, "a race with a thread that reads");
      }
      if (reads) {
        mark.reader = mark.read == epoch_ && mark.reader != t ? kSeveral : t;
        mark.read = epoch_;
      } else {
        mark = {epoch_, t, mark.read, mark.reader};
      }
    }
  }

  std::uint64_t result(std::uint32_t t, const Instruction& own) const {
    const Thread& thread = threads_[t];
    const unsigned bits = own.type.bits;
    const auto raw = [&](std::size_t i) { return value(thread, own.operands[i]); };
    const auto in = [&](std::size_t i) { return widened(raw(i), own.type); };
    switch (own.opcode) {
      case Opcode::kAdd:
        return cut(in(0) + in(1), bits);
      case Opcode::kSub:
        return cut(in(0) - in(1), bits);
      case Opcode::kMul:
        return cut(in(0) * in(1), own.modifier == "wide" ? 2 * bits : bits);
      case Opcode::kMad:
        if (own.modifier != "lo") break;
        return cut(in(0) * in(1) + in(2), bits);
      case Opcode::kDiv:
      case Opcode::kRem: {
        if (own.type.is_signed) break;
        if (in(1) == 0) fail(t, "divides by zero");
        return own.opcode == Opcode::kDiv ? in(0) / in(1) : in(0) % in(1);
      }
      case Opcode::kNeg:
        return cut(-in(0), bits);
      case Opcode::kNot:
        return cut(~in(0), bits);
      case Opcode::kAnd:
        return in(0) & in(1);
      case Opcode::kOr:
        return in(0) | in(1);
      case Opcode::kXor:
        return in(0) ^ in(1);
      case Opcode::kMin:
      case Opcode::kMax: {
        const bool first = less(in(0), in(1), own.type) == (own.opcode == Opcode::kMin);
        return cut(first ? in(0) : in(1), bits);
      }
      case Opcode::kShl:
        return cut(raw(1), 32) >= bits ? 0 : cut(in(0) << cut(raw(1), 32), bits);
      case Opcode::kShr: {
        const std::uint64_t by = std::min<std::uint64_t>(cut(raw(1), 32), bits);
        if (own.type.is_signed) {
          return cut(static_cast<std::uint64_t>(signed_of(in(0), bits) >>
                                                std::min(by, bits - std::uint64_t{1})),
                     bits);
        }
        return by == bits ? 0 : in(0) >> by;
      }
      case Opcode::kShf: {
        const std::uint64_t both = in(1) << 32 | in(0), by = raw(2) % 32;
        return own.modifier == "l" ? both << by >> 32 : cut(both >> by, 32);
      }
      case Opcode::kBfi: {
        const std::uint64_t at = cut(raw(2), 8), n = cut(raw(3), 8);
        if (at >= bits || n == 0) return in(1);
        const std::uint64_t mask =
            cut(cut(~std::uint64_t{0}, static_cast<unsigned>(std::min<std::uint64_t>(n, 64))) << at,
                bits);
        return (in(0) << at & mask) | (in(1) & ~mask);
      }
      case Opcode::kClz:
        return bits - static_cast<unsigned>(std::bit_width(in(0)));
      case Opcode::kPrmt: {
        const std::uint64_t both = in(1) << 32 | in(0);
        std::uint64_t picked = 0;
        for (unsigned i = 0; i < 4; ++i) {
          const std::uint64_t which = raw(2) >> 4 * i & 15;
          const std::uint64_t byte = both >> (which & 7) * 8 & 0xff;
          picked |= (which < 8 ? byte : (byte >> 7) * 0xff) << 8 * i;
        }
        return picked;
      }
      case Opcode::kLop3: {
        std::uint64_t bit_by_bit = 0;
        for (unsigned i = 0; i < 32; ++i) {
          const std::uint64_t row =
              (in(0) >> i & 1) << 2 | (in(1) >> i & 1) << 1 | (in(2) >> i & 1);
          bit_by_bit |= (raw(3) >> row & 1) << i;
        }
        return bit_by_bit;
      }
      case Opcode::kSelp:
        return cut(raw(2) != 0 ? in(0) : in(1), bits);
      case Opcode::kSetp:
        return compare(t, in(0), in(1), own);
      case Opcode::kCvt:
        return cut(in(0), own.to.bits);
      case Opcode::kCvta:
        return own.space == Space::kShared
                   ? raw(0) + reinterpret_cast<std::uintptr_t>(shared_.data())
                   : raw(0);
      default:
        break;
    }
    fail(t, "an instruction that the machine does not know");
  }
  static bool less(std::uint64_t a, std::uint64_t b, const Type& type) {
    return type.is_signed ? static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b) : a < b;
  }
  std::uint64_t compare(std::uint32_t t, std::uint64_t a, std::uint64_t b,
                        const Instruction& own) const {
    if (own.modifier == "eq") return a == b;
    if (own.modifier == "ne") return a != b;
    if (own.modifier == "lt") return less(a, b, own.type);
    if (own.modifier == "ge") return !less(a, b, own.type);
    if (own.modifier == "gt") return less(b, a, own.type);
    if (own.modifier == "le") return !less(b, a, own.type);
    fail(t, "a comparison that the machine does not know");
  }

  const Kernel& kernel_;
  std::span<const std::byte> parameters_;
  std::span<const Region> memory_;
  std::uint32_t number_;
  std::vector<Thread> threads_;
  std::vector<Bytes16> shared_;
  std::vector<Mark> marks_;
  std::uint32_t epoch_ = 1;  ///< barriers passed, and one
};

}  // namespace

void run(const Module& module, const Kernel& kernel, const Grid& grid,
         std::span<const std::byte> parameters, std::span<const Region> memory) {
  if (parameters.size() != kernel.parameter_bytes || grid.n_threads % kWarp != 0) {
    throw Fault(kernel.name + ": other parameters, or no whole warps");
  }
  for (std::uint32_t b = 0; b < grid.n_blocks; ++b) {
    Block(module, kernel, grid, b, parameters, memory).run();
  }
}

}  // namespace transom::ptx
