// lane_points.hpp — the cover points of a kind of lane, collected at the ports of a unit.
//
// Only ports and the jobs at hand are looked at, so every model of the unit that is equal in each
// clock counts the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "transom/coverage/points.hpp"
#include "transom/unit/job.hpp"
#include "transom/unit/observer.hpp"
#include "transom/unit/table_bank.hpp"

namespace transom::coverage {

/// R of the two specifications whose states are crossed with the bits of a step: one so small that
/// all of its states are points, and one of a usual size, whose states are told apart in
/// sixteenths.
inline constexpr unsigned kTinyLog = 4, kUsualLog = 10;
/// Lanes of the unit that is covered: which lane waits for which are points, too.
inline constexpr unsigned kCoveredLanes = 4;

/// The groups of a kind, in the order of lane_groups().
enum LaneGroup : unsigned {
  kTinyStates,
  kUsualStates,
  kTakes,
  kSymbolRefills,
  kOffsetRefills,
  kPorts,
  kStallCauses,
  kBanksAtWork,
  kWaits,
  kSkew,
  kJobsApart,
  kStatuses,
  kEnds,
  kSizes,
  kSwitches,
  kTables,
  kWidths,
  kLaneGroups
};
/// How the words of a stream end against the bits that its job reads.
enum class EndClass : unsigned {
  kNothing,  ///< no word, no bit
  kShort,    ///< bits beyond the last word are read
  kWhole,    ///< the last bit of the last word is
  kPadded,   ///< some bits of the last word are not, and are zero
  kNoise,    ///< or are not all zero
  kLeft,     ///< words are left over
};
inline constexpr unsigned kEndClasses = 6;
EndClass end_class(std::span<const std::uint32_t> words, std::uint64_t n_bits);
/// Labels of kStatuses: 0, 1, few, many values.
inline constexpr std::uint32_t kManyValues = 16;
/// Labels of kTables.
enum class TableClass : unsigned { kOneSymbol, kAllOnce, kOther };

/// No point of it hit yet.
CoverGroups lane_groups(LaneKind kind);
/// Bits of a symbol stream that its first step finds read.
unsigned start_bits(LaneKind kind, unsigned table_log);

class LaneCoverage final : public unit::PortObserver {
 public:
  /// Shape and jobs are referred to; they are those of the bench.
  LaneCoverage(const unit::UnitShape& shape, std::span<const unit::Job> jobs);

  void clock(const unit::UnitInputs& in, const unit::UnitOutputs& out) override;
  const CoverGroups& groups() const { return groups_; }

 private:
  struct Stream {
    std::uint32_t taken = 0;  ///< jobs, as the next four: those that do not use the stream count
    std::uint32_t step_job = 0;
    std::uint32_t value_job = 0;
    std::uint32_t done = 0;
    std::uint32_t n_steps = 0;      ///< to come, of the job that steps
    std::uint32_t n_values = 0;     ///< to come, of the job whose values leave
    std::uint64_t symbol_bits = 0;  ///< read, of the job that steps
    std::uint64_t offset_bits = 0;
    std::uint64_t state = 0;           ///< after the last step, if `stepped`
    bool stepped = false;              ///< the job that steps has, before
    bool left = false;                 ///< a value of its job has left, more are to come
    std::uint64_t last_step = 0;       ///< clock of the last step of a job; 0: none yet
    std::deque<symbol_t> held;         ///< steps whose values are to come
    std::deque<std::uint64_t> n_read;  ///< symbol bits of jobs that have stepped, not ended
    std::deque<std::uint64_t> n_read_offsets;
  };

  void hit(LaneGroup group, std::initializer_list<unsigned> place) { groups_[group].hit(place); }
  void take_job(Stream& stream, bool busy, unsigned s);
  void refill(const Stream& stream, const unit::StreamInputs& in, const unit::StreamOutputs& out);
  void step(Stream& stream, unsigned s, const unit::Retire& retire);
  void cross_state(const Stream& stream, const unit::Job& job, const unit::Retire& retire);
  void values(Stream& stream, unsigned s, const unit::StreamOutputs& out);
  void end(Stream& stream, unsigned s, Status status);
  void ports(const unit::UnitInputs& in, const unit::UnitOutputs& out);
  void waits(const unit::UnitInputs& in, const unit::UnitOutputs& out);
  bool uses(std::uint32_t job, unsigned s) const {
    return job < jobs_.size() && s < jobs_[job].streams.size();
  }
  void to_used(unsigned s, std::uint32_t& job) const {
    while (job < jobs_.size() && !uses(job, s)) ++job;
  }

  const unit::UnitShape& shape_;
  std::span<const unit::Job> jobs_;
  std::vector<unit::TableBank> banks_;  ///< of each job
  std::vector<TableClass> tables_;
  std::vector<Stream> streams_;
  CoverGroups groups_;
  std::uint64_t clock_ = 1;
};

}  // namespace transom::coverage
