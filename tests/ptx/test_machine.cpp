// test_machine.cpp — the machine that runs PTX: its instructions, and what it must find.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ptx_support.hpp"

namespace transom::ptx {
namespace {

constexpr std::uint32_t kThreads = 64;

/// A kernel that gets a list of 32-bit words, as many as threads, in %rd1; %r0 is the thread's
/// number and %rd2 where its word is.
std::string kernel_of(const std::string& code) {
  return ".version 9.0\n.target sm_90\n.address_size 64\n"
         ".extern .shared .align 16 .b8 memory[];\n"
         ".entry kernel(.param .u64 list)\n.maxntid 64, 1, 1\n{\n.reg .b32 %r<9>;\n"
         "ld.param.u64 %rd1, [list];\ncvta.to.global.u64 %rd1, %rd1;\nmov.u32 %r0, %tid.x;\n"
         "mul.wide.u32 %rd2, %r0, 4;\nadd.s64 %rd2, %rd1, %rd2;\nmov.u32 %r9, memory;\n"
         "shl.b32 %r8, %r0, 2;\nadd.s32 %r9, %r9, %r8;  // the thread's word of shared memory\n" +
         code + "ret;\n}\n";
}
std::vector<std::uint32_t> run_code(const std::string& code) {
  const std::string text = kernel_of(code);
  const Module module(text);
  std::vector<std::uint32_t> list(kThreads);
  const std::uint32_t* const data = list.data();
  run(module, module.kernel("kernel"), {1, kThreads, 4 * kThreads}, parameters(data),
      std::array{writes(list)});
  return list;
}
/// What the code leaves in %r1, of thread 5.
std::uint32_t result_of(const std::string& code) {
  return run_code(code + "st.global.u32 [%rd2], %r1;\n")[5];
}

}  // namespace

TEST_CASE("ptx: instructions do what the manual says", "[ptx]") {
  CHECK(result_of("mov.u32 %r1, %r0;\n") == 5);
  CHECK(result_of("mov.u32 %r1, %ntid.x;\n") == kThreads);
  CHECK(result_of("lop3.b32 %r1, 0xf0, 0xcc, 0xaa, 40;\n") == 0x28);
  CHECK(result_of("lop3.b32 %r1, 0xff00, 0x0ff0, 0xffff, 0xe8;\n") == 0xfff0);
  CHECK(result_of("prmt.b32 %r1, 0x33221100, 0x77665584, 0x7043;\n") == 0x77008433);
  CHECK(result_of("prmt.b32 %r1, 0x33221180, 0, 0x8888;\n") == 0xffffffff);
  CHECK(result_of("shf.r.wrap.b32 %r1, 0x12345678, 0x9abcdef0, 36;\n") == 0x01234567);
  CHECK(result_of("shf.l.wrap.b32 %r1, 0x12345678, 0x9abcdef0, 36;\n") == 0xabcdef01);
  CHECK(result_of("shl.b32 %r1, 1, 32;\n") == 0);
  CHECK(result_of("shr.u32 %r1, 0x80000000, 31;\n") == 1);
  CHECK(result_of("shr.s32 %r1, 0x80000000, 40;\n") == 0xffffffff);
  CHECK(result_of("mad.lo.s32 %r1, -3, 5, 20;\n") == 5);
  CHECK(result_of("mul.wide.s32 %rd3, -2, 3;\nshr.u64 %rd3, %rd3, 32;\ncvt.u32.u64 %r1, %rd3;\n") ==
        0xffffffff);
  CHECK(result_of("cvt.s32.s8 %r1, 0xfe;\n") == 0xfffffffe);
  CHECK(result_of("cvt.u32.u16 %r1, 0x1fffe;\n") == 0xfffe);
  CHECK(result_of("clz.b32 %r1, 0x10;\n") == 27);
  CHECK(result_of("bfi.b64 %rd3, 0xff, 0x1000, 4, 3;\ncvt.u32.u64 %r1, %rd3;\n") == 0x1070);
  CHECK(result_of("min.u32 %r1, -1, 7;\n") == 7);
  CHECK(result_of("max.s32 %r1, -1, 7;\n") == 7);
  CHECK(result_of("rem.u32 %r1, 17, 5;\n") == 2);
  CHECK(result_of("mov.b64 {%r1, %r2}, 0x500000007;\n") == 7);
  CHECK(result_of("mov.b64 %rd3, {%r0, %r0};\nshr.u64 %rd3, %rd3, 32;\ncvt.u32.u64 %r1, %rd3;\n") ==
        5);
  CHECK(result_of("setp.lt.s32 %p1, -1, 0;\nsetp.lt.u32 %p2, -1, 0;\nselp.b32 %r2, 2, 0, %p2;\n"
                  "selp.b32 %r1, 1, 0, %p1;\nor.b32 %r1, %r1, %r2;\n") == 1);
  CHECK(result_of("mov.u32 %r1, 1;\nsetp.eq.s32 %p1, %r0, 5;\n@!%p1 bra $other;\n"
                  "mov.u32 %r1, 2;\n$other:\n@%p1 add.s32 %r1, %r1, 8;\n") == 10);
  CHECK(result_of("shfl.sync.up.b32 %r1|%p1, %r0, 2, 0, -1;\n") == 3);
  CHECK(result_of("shfl.sync.up.b32 %r1|%p1, %r0, 9, 0, -1;\nselp.b32 %r1, 99, %r1, %p1;\n") == 5);
  CHECK(result_of("shfl.sync.idx.b32 %r1, %r0, 31, 31, -1;\n") == 31);
}

TEST_CASE("ptx: threads of a block meet at barriers and share memory", "[ptx]") {
  // Each thread takes the word of the one that is as far from the other end.
  const std::vector<std::uint32_t> list = run_code(
      "st.shared.u32 [%r9], %r0;\nbar.sync 0;\nshl.b32 %r8, %r8, 1;\n"
      "sub.s32 %r9, %r9, %r8;\nld.shared.u32 %r1, [%r9+252];\n"
      "st.global.u32 [%rd2], %r1;\n");
  for (std::uint32_t t = 0; t < kThreads; ++t) CHECK(list[t] == kThreads - 1 - t);
}

TEST_CASE("ptx: what a sanitizer would tell is told", "[ptx]") {
  using Catch::Contains;
  CHECK_THROWS_WITH(run_code("st.global.u32 [%rd2+256], %r0;\n"),
                    Contains("thread 0") && Contains("writes where it has no memory"));
  CHECK_THROWS_WITH(run_code("ld.u32 %r1, [%rd2+4];\n"),
                    Contains("thread 63") && Contains("reads where it has no memory"));
  CHECK_THROWS_WITH(run_code("ld.global.u32 %r1, [%rd2+-4];\n"), Contains("thread 0"));
  CHECK_THROWS_WITH(run_code("ld.global.u64 %rd3, [%rd2];\n"),
                    Contains("thread 1") && Contains("not aligned"));
  CHECK_THROWS_WITH(run_code("ld.shared.u32 %r1, [%r9];\n"), Contains("nobody wrote to"));
  CHECK_THROWS_WITH(run_code("st.shared.u32 [%r9+4], %r0;\n"),
                    Contains("thread 63") && Contains("outside of its shared memory"));
  CHECK_THROWS_WITH(run_code("mov.u32 %r9, memory;\nst.shared.u32 [%r9], %r0;\n"),
                    Contains("thread 1") && Contains("a race with a thread that writes"));
  CHECK_THROWS_WITH(run_code("st.shared.u32 [%r9], %r0;\nsetp.eq.s32 %p1, %r0, 0;\n"
                             "@%p1 bra $end;\nld.shared.u32 %r1, [%r9+-4];\n$end:\n"),
                    Contains("a race"));
  CHECK_THROWS_WITH(
      run_code("st.shared.u32 [%r9], %r0;\nbar.sync 0;\nld.shared.u32 %r1, [memory+8];\n"
               "setp.eq.s32 %p1, %r0, 2;\n@%p1 st.shared.u32 [%r9], %r1;\n"),
      Contains("a race"));
  CHECK_THROWS_WITH(run_code("setp.eq.s32 %p1, %r0, 0;\n@%p1 bra $end;\nbar.sync 0;\n$end:\n"),
                    Contains("not all threads reach"));
  CHECK_THROWS_WITH(run_code("setp.eq.s32 %p1, %r0, 0;\n@%p1 bra $end;\n"
                             "shfl.sync.idx.b32 %r1, %r0, 1, 31, -1;\n$end:\n"),
                    Contains("shuffle apart"));
  CHECK_THROWS_WITH(run_code("div.u32 %r1, %r0, 0;\n"), Contains("divides by zero"));
}

TEST_CASE("ptx: what the machine does not know is refused", "[ptx]") {
  using Catch::Contains;
  CHECK_THROWS_WITH(run_code("popc.b32 %r1, %r0;\n"), Contains("line 17: does not know popc.b32"));
  CHECK_THROWS_WITH(run_code("add.f32 %r1, %r0, %r0;\n"), Contains("does not know f32"));
  CHECK_THROWS_WITH(run_code("add.sat.s32 %r1, %r0, %r0;\n"), Contains("does not know sat"));
  CHECK_THROWS_WITH(run_code("mad.wide.u32 %rd3, %r0, %r0, %rd2;\n"), Contains("does not know"));
  CHECK_THROWS_WITH(run_code("mov.u32 %r1, %warpid.x;\n"), Contains("does not know %warpid.x"));
  CHECK_THROWS_WITH(run_code("mov.u32 %r1, elsewhere;\n"), Contains("no variable elsewhere"));
  CHECK_THROWS_WITH(run_code("bra $nowhere;\n"), Contains("no label $nowhere"));
  CHECK_THROWS_AS(Module(".entry kernel()\n{\nret;\n"), Fault);
}

}  // namespace transom::ptx
