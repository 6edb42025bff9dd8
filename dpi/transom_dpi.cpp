// transom_dpi.cpp — see transom_dpi.h.
// SPDX-License-Identifier: Apache-2.0
#include "transom_dpi.h"

#include <climits>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "transom/base/stream.hpp"
#include "transom/unit/tensor_job.hpp"
#include "transom/verify/cosim.hpp"

namespace {

using namespace transom;
using verify::Cosim;
using verify::GoldenSteps;

/// One stream of a tensor, where transom_step() and transom_check_step() are in it.
struct Place {
  GoldenSteps steps;
  BitReader offsets;
  std::uint32_t n_values = 0;  ///< given by transom_step()
  std::uint64_t told = 0;      ///< bits of the symbol stream that the decoder told to have read
};

struct Session {
  explicit Session(const CodedTensor& tensor)
      : why_not(unit::why_not_a_job(tensor)),
        unit(why_not.empty() ? unit::make_job(tensor) : unit::Job{}),
        cosim(tensor) {
    restart();
  }

  void restart() {
    const verify::Task& task = cosim.task();
    places.clear();
    for (const unit::JobStream& stream : task.streams) {
      Place place;
      if (stream.n_values != 0) {
        place.steps = GoldenSteps(
            verify::make_decoder(task.table.kind, task.table.words.data(), task.table.table_log),
            stream.symbol_words);
      }
      place.offsets = BitReader(stream.offset_words);
      place.told = place.steps.symbols().position();
      places.push_back(place);
    }
    cosim.restart();
  }

  std::string why_not;  ///< the unit has no such table
  unit::Job unit;
  Cosim cosim;
  std::vector<Place> places;
};

struct Registry {
  std::mutex mutex;
  std::map<int, std::unique_ptr<Session>> sessions;
  int last = 0;
};

Registry& registry() {
  static Registry the;
  return the;
}

thread_local std::string error_text, told_text;

/// What `work` returns; if it throws, `failed`, and transom_error() says why.
template <class Work, class Result>
Result guarded(Work work, Result failed) noexcept {
  try {
    const std::scoped_lock lock(registry().mutex);
    return work();
  } catch (const std::exception& e) {
    error_text = e.what();
  } catch (...) {
    error_text = "unknown error";
  }
  return failed;
}

/// As above, of the handle's session.
template <class Result, class Work>
Result of(int handle, Work work) noexcept {
  const auto find = [&]() -> Result {
    const auto found = registry().sessions.find(handle);
    if (found == registry().sessions.end()) {
      refuse("transom_dpi", "handle", handle, "must be one that transom_open() gave");
    }
    return static_cast<Result>(work(*found->second));
  };
  return guarded(find, static_cast<Result>(-1));
}

/// A text of the handle's session; "" if there is none.
template <class Work>
const char* text_of(int handle, Work work) noexcept {
  told_text.clear();
  of<int>(handle, [&](Session& session) {
    told_text = work(session);
    return 1;
  });
  return told_text.c_str();
}

std::size_t within(const char* what, long long index, std::size_t n) {
  if (index < 0 || static_cast<unsigned long long>(index) >= n) {
    refuse("transom_dpi", what, index, "must be 0.." + std::to_string(n) + " exclusive");
  }
  return static_cast<std::size_t>(index);
}

unsigned stream_of(const Session& session, int stream) {
  return static_cast<unsigned>(within("stream", stream, session.cosim.n_lanes()));
}

const unit::JobStream& words_of(const Session& session, int stream) {
  return session.cosim.task().streams[stream_of(session, stream)];
}

const std::vector<std::uint32_t>& port_of(const Session& session, int stream, int port) {
  const unit::JobStream& of_stream = words_of(session, stream);
  return within("port", port, 2) == 0 ? of_stream.symbol_words : of_stream.offset_words;
}

const unit::Job& unit_of(const Session& session) {
  if (!session.why_not.empty()) {
    refuse("transom_dpi", "tensor", "'" + session.cosim.task().name + "'",
           "the unit cannot decode it: " + session.why_not);
  }
  return session.unit;
}

template <class T>
void put(T* to, std::uint64_t value) {
  if (to == nullptr)
    refuse("transom_dpi", "argument", "null", "must point to where the result goes");
  *to = static_cast<T>(value);
}

/// 1, and a step; 0 if all of the stream's were given.
int step(Session& session, int s, unsigned* symbol, unsigned* value, unsigned long long* state,
         unsigned* bits) {
  Place& place = session.places[stream_of(session, s)];
  const verify::Task& task = session.cosim.task();
  const std::uint32_t n = words_of(session, s).n_values;
  for (unsigned* out : {symbol, value, bits}) put(out, 0);
  put(state, 0);
  if (place.n_values == n) return 0;
  const LaneKind kind = task.table.kind;
  const verify::GoldenStep step = place.steps.step();
  for (unsigned i = 0; i < verify::symbols_per_step(kind) && place.n_values != n; ++i) {
    const Row& row = task.rows[verify::symbol_of(kind, step.symbol, i)];
    *value |= unsigned{read_value(row, place.offsets)} << i * kMaxValueBits;
    ++place.n_values;
  }
  put(symbol, step.symbol);
  put(state, step.state);
  put(bits, step.take);
  return 1;
}

bool check_step(Session& session, int s, int shown, unsigned symbol, unsigned long long state,
                unsigned bits) {
  const unsigned stream = stream_of(session, s);
  switch (within("shown", shown, 3)) {
    case 0:
      return session.cosim.step(stream, symbol);
    case 1:
      return session.cosim.step(stream, symbol, state);
    default:
      session.places[stream].told += bits;
      return session.cosim.step(stream, symbol, state, session.places[stream].told);
  }
}

std::string_view or_nothing(const char* text) { return text == nullptr ? "" : text; }

int open(const char* path, const verify::Which& which) {
  const std::filesystem::path file = or_nothing(path);
  if (file.empty()) refuse("transom_open", "path", "empty", "must name a container");
  const bool folder = std::filesystem::is_directory(file);
  auto session = std::make_unique<Session>(folder ? verify::read_vector(file)
                                                  : verify::read_tensor(file, which));
  Registry& all = registry();
  if (all.last == INT_MAX) refuse("transom_open", "handle", all.last, "is the last one");
  all.sessions.emplace(++all.last, std::move(session));
  return all.last;
}

}  // namespace

int transom_open(const char* path, const char* tensor) {
  return guarded(
      [&] {
        const std::string name(or_nothing(tensor));
        return name.empty() ? open(path, std::size_t{0}) : open(path, name);
      },
      0);
}

int transom_open_number(const char* path, int number) {
  return guarded([&] { return open(path, within("tensor", number, SIZE_MAX)); }, 0);
}

int transom_close(int handle) {
  return of<int>(handle, [&](Session&) {
    registry().sessions.erase(handle);
    return 1;
  });
}

const char* transom_error(void) { return error_text.c_str(); }

int transom_kind(int handle) {
  return of<int>(handle, [](Session& s) { return static_cast<int>(s.cosim.task().table.kind); });
}

int transom_table_log(int handle) {
  return of<int>(handle, [](Session& s) { return s.cosim.task().table.table_log; });
}

int transom_table_words(int handle) {
  return of<int>(handle, [](Session& s) { return unit_of(s).entries.size(); });
}

long long transom_table_word(int handle, int index) {
  return of<long long>(handle, [&](Session& s) {
    const std::vector<std::uint32_t>& words = unit_of(s).entries;
    return words[within("index of a table word", index, words.size())];
  });
}

int transom_rows(int handle) {
  return of<int>(handle, [](Session& s) { return s.cosim.task().rows.size(); });
}

long long transom_row_word(int handle, int index) {
  return of<long long>(handle, [&](Session& s) {
    const std::vector<Row>& rows = s.cosim.task().rows;
    return to_word(rows[within("index of a row", index, rows.size())]);
  });
}

int transom_streams(int handle) {
  return of<int>(handle, [](Session& s) { return s.cosim.n_lanes(); });
}

long long transom_stream_values(int handle, int stream) {
  return of<long long>(handle, [&](Session& s) { return words_of(s, stream).n_values; });
}

long long transom_stream_steps(int handle, int stream) {
  return of<long long>(handle, [&](Session& s) {
    return verify::n_steps(s.cosim.task().table.kind, words_of(s, stream).n_values);
  });
}

long long transom_stream_words(int handle, int stream, int port) {
  return of<long long>(handle, [&](Session& s) { return port_of(s, stream, port).size(); });
}

long long transom_stream_word(int handle, int stream, int port, long long index) {
  return of<long long>(handle, [&](Session& s) {
    const std::vector<std::uint32_t>& words = port_of(s, stream, port);
    return words[within("index of a stream's word", index, words.size())];
  });
}

int transom_step(int handle, int stream, unsigned* symbol, unsigned* value,
                 unsigned long long* state, unsigned* bits) {
  return of<int>(handle, [&](Session& s) { return step(s, stream, symbol, value, state, bits); });
}

int transom_end(int handle, int stream) {
  return of<int>(handle, [&](Session& s) {
    return static_cast<int>(s.cosim.golden_status(stream_of(s, stream)));
  });
}

int transom_at(int handle, unsigned long long cycle) {
  return of<int>(handle, [&](Session& s) {
    s.cosim.at(cycle);
    return 1;
  });
}

int transom_check_step(int handle, int stream, int shown, unsigned symbol, unsigned long long state,
                       unsigned bits) {
  return of<int>(handle,
                 [&](Session& s) { return check_step(s, stream, shown, symbol, state, bits); });
}

int transom_check_value(int handle, int stream, unsigned value) {
  return of<int>(handle, [&](Session& s) { return s.cosim.value(stream_of(s, stream), value); });
}

int transom_check_end(int handle, int stream, int status) {
  return of<int>(handle, [&](Session& s) {
    const auto verdict = within("status", status, static_cast<unsigned>(Status::kBadChecksum) + 1);
    return s.cosim.end(stream_of(s, stream), static_cast<Status>(verdict));
  });
}

int transom_finish(int handle) {
  return of<int>(handle, [](Session& s) { return s.cosim.finish(); });
}

int transom_difference(int handle, int* stream, unsigned long long* index, unsigned long long* bit,
                       unsigned long long* want, unsigned long long* got) {
  return of<int>(handle, [&](Session& s) {
    const std::optional<verify::Difference> found = s.cosim.first();
    const verify::Difference d = found.value_or(verify::Difference{});
    put(stream, d.lane);
    put(index, d.index);
    put(bit, d.symbol_position);
    put(want, d.want);
    put(got, d.got);
    return found.has_value();
  });
}

const char* transom_difference_text(int handle) {
  return text_of(handle, [](Session& s) {
    const std::optional<verify::Difference> d = s.cosim.first();
    return d ? to_text(*d) : std::string();
  });
}

const char* transom_difference_what(int handle) {
  return text_of(handle, [](Session& s) {
    const std::optional<verify::Difference> d = s.cosim.first();
    return std::string(d ? what_name(d->what) : "");
  });
}

const char* transom_difference_class(int handle) {
  return text_of(handle, [](Session& s) {
    const std::optional<verify::Difference> d = s.cosim.first();
    return std::string(d ? fault_name(d->diagnosis.fault) : "");
  });
}

int transom_restart(int handle) {
  return of<int>(handle, [](Session& s) {
    s.restart();
    return 1;
  });
}
