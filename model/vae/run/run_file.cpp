// run_file.cpp — a recorded run as bytes (README.md, "The file").
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "transom/container/container_bytes.hpp"
#include "transom/vae/run/run.hpp"

namespace transom::vae {
namespace {

using layout::ByteReader;
using layout::ByteWriter;
using layout::Damage;

constexpr std::uint32_t kMagic = 0x52424254;  // "TBBR"
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kWaits = 0x80;  ///< beside an op

SlotTable read_table(ByteReader& in) {
  SlotTable table;
  table.R = in.u16("R");
  in.check(table.R >= 1 && table.R <= kMaxRunLog, "R",
           std::to_string(table.R) + " must be 1.." + std::to_string(kMaxRunLog));
  const std::uint32_t n = in.u16("starts");
  in.check(n >= 1, "starts", "a table is of two symbols at least");
  table.starts = in.words(n, "starts");
  std::uint32_t before = 0;
  for (const std::uint32_t start : table.starts) {
    in.check(start > before && start < 1u << table.R, "starts", "must rise from 1, below 2^R");
    before = start;
  }
  return table;
}

RunStep read_step(ByteReader& in, const std::vector<SlotTable>& tables) {
  RunStep step;
  const std::uint32_t op = in.u8("op");
  in.check((op & ~kWaits) < kOps, "op", std::to_string(op) + " is none");
  step.op = static_cast<Op>(op & ~kWaits);
  step.waits = (op & kWaits) != 0;
  step.R = static_cast<std::uint8_t>(in.u8("R"));
  in.check(step.R >= 1 && step.R <= kMaxRunLog, "R",
           std::to_string(step.R) + " must be 1.." + std::to_string(kMaxRunLog));
  step.symbol = static_cast<std::uint16_t>(in.u16("symbol"));
  const std::uint32_t n_slots = 1u << step.R;
  std::uint32_t n_symbols = n_slots;
  if (step.op == Op::kPush) {
    n_symbols = 1;
    step.start = in.u32("start");
    step.freq = in.u32("freq");
    in.check(step.freq >= 1 && step.freq <= n_slots && step.start <= n_slots - step.freq, "freq",
             "slots must be some of 2^R");
  } else {
    step.table = in.u32("table");
    in.zeros(4, "padding");
    if (step.op == Op::kPopTable) {
      in.check(step.table < tables.size(), "table", std::to_string(step.table) + " is not there");
      const SlotTable& table = tables[step.table];
      in.check(table.R == step.R, "table", "its R is another");
      n_symbols = table.n_symbols();
    } else {
      in.check(step.table == 0, "table", "must be 0: there is none");
    }
  }
  in.check(step.symbol < n_symbols, "symbol", std::to_string(step.symbol) + " is not there");
  step.state = in.u32("state");
  step.state |= std::uint64_t{in.u32("state")} << 32;
  return step;
}

Run read_all(ByteReader& in) {
  in.check(in.u32("magic") == kMagic, "magic", "this is no recorded run");
  const std::uint32_t version = in.u16("version");
  in.check(version == kVersion, "version",
           std::to_string(version) + " is not " + std::to_string(kVersion));
  in.zeros(2, "padding");
  Run run;
  run.n_images = in.u32("images");
  run.image_steps = in.u32("steps of an image");
  in.check(run.n_images >= 1 && run.image_steps >= 1, "steps of an image", "there are none");
  run.first_pixel = in.u32("first pixel");
  run.n_pixels = in.u32("pixels");
  in.check(run.n_pixels >= 1 && run.n_pixels <= run.image_steps &&
               run.first_pixel <= run.image_steps - run.n_pixels,
           "pixels", "are not among the steps of an image");
  run.head = in.u32("head");
  run.head |= std::uint64_t{in.u32("head")} << 32;
  in.check(stack::Message<>::is_head(run.head), "head", "must be in [2^31, 2^63)");
  run.words = in.words(in.u32("words"), "words");
  for (std::uint32_t n = in.u32("tables"); n > 0; --n) {
    in.context = "table " + std::to_string(run.tables.size()) + ": ";
    run.tables.push_back(read_table(in));
  }
  for (std::uint64_t n = std::uint64_t{run.n_images} * run.image_steps; n > 0; --n) {
    in.context = "step " + std::to_string(run.steps.size()) + ": ";
    run.steps.push_back(read_step(in, run.tables));
  }
  in.context.clear();
  run.words_left = in.words(in.u32("words left"), "words left");
  in.check_crc("checksum", 0, "the file is damaged");
  if (in.left() != 0) in.fail(Status::kTrailing, "end", "bytes follow the checksum");
  return run;
}

void put64(ByteWriter& out, std::uint64_t v) {
  out.u32(static_cast<std::uint32_t>(v));
  out.u32(static_cast<std::uint32_t>(v >> 32));
}

void put_words(ByteWriter& out, const stack::Words& words) {
  out.u32(static_cast<std::uint32_t>(words.size()));
  out.words(words);
}

}  // namespace

std::vector<std::uint8_t> write_run(const Run& run) {
  require_range("write_run", "steps", run.steps.size(),
                std::uint64_t{run.n_images} * run.image_steps,
                std::uint64_t{run.n_images} * run.image_steps);
  ByteWriter out;
  out.u32(kMagic);
  out.u16(kVersion);
  out.u16(0);
  for (const std::uint32_t v : {run.n_images, run.image_steps, run.first_pixel, run.n_pixels}) {
    out.u32(v);
  }
  put64(out, run.head);
  put_words(out, run.words);
  out.u32(static_cast<std::uint32_t>(run.tables.size()));
  for (const SlotTable& table : run.tables) {
    out.u16(table.R);
    out.u16(static_cast<std::uint32_t>(table.starts.size()));
    out.words(table.starts);
  }
  for (const RunStep& step : run.steps) {
    out.u8(static_cast<std::uint32_t>(step.op) | (step.waits ? kWaits : 0));
    out.u8(step.R);
    out.u16(step.symbol);
    out.u32(step.op == Op::kPush ? step.start : step.table);
    out.u32(step.freq);
    put64(out, step.state);
  }
  put_words(out, run.words_left);
  out.u32(out.crc(0));
  auto bytes = out.take();
  const ReadRun read = read_run(bytes);
  if (read.status != Status::kOk) refuse("write_run", "run", "no run", read.what);
  return bytes;
}

ReadRun read_run(std::span<const std::uint8_t> bytes) {
  ByteReader in(bytes);
  try {
    return {Status::kOk, {}, read_all(in)};
  } catch (const Damage& damage) {
    return {damage.status, damage.what, std::nullopt};
  }
}

}  // namespace transom::vae
