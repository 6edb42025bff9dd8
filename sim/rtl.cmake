# The RTL as C++: one library holds all Verilated variants, so that Verilator's runtime is compiled
# once. Neither the project's warnings nor its sanitizers apply to what Verilator writes.
set(RTL ${CMAKE_SOURCE_DIR}/rtl)
# read_rtl(variable list): the files of rtl/<list>, in the order in which tools want them; not its
# options.
function(read_rtl variable list)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${RTL}/${list})
  file(STRINGS ${RTL}/${list} files REGEX "^[^+]")
  list(TRANSFORM files PREPEND ${RTL}/)
  set(${variable} ${files} PARENT_SCOPE)
endfunction()
read_rtl(DECODER_SOURCES decoder.f)
set(RTL_SOURCES ${RTL}/lint.vlt ${DECODER_SOURCES})

# add_rtl(prefix top [parameter...]): a class `prefix` from module `top` of RTL_SOURCES. With 64 lanes
# modules that are not inlined simulate faster, by a fifth; such a unit is large, so it writes no waves,
# and only the one of tANS lanes, which is timed, is fully optimised. Verilator 5.006 forgets to declare
# a loop variable in some functions, so it writes no loops. Tracing runs only while a wave is written:
# it is compiled for a short build.
function(add_rtl prefix top)
  set(options -Wall --assert -I${RTL} --x-assign fast --x-initial fast -fno-reloop)
  set(trace TRACE_FST)
  set(fast -O2)
  if("Lanes=64" IN_LIST ARGN)
    list(APPEND options -fno-inline)
    set(trace)
    if(NOT "Kind=0" IN_LIST ARGN)
      set(fast -O1)
    endif()
  endif()
  list(TRANSFORM ARGN PREPEND -G)
  verilate(vrtl PREFIX ${prefix} TOP_MODULE ${top} SOURCES ${RTL_SOURCES} ${trace}
    OPT_FAST ${fast} OPT_SLOW -O0 OPT_GLOBAL -O2
    VERILATOR_ARGS ${options} ${ARGN})
  get_target_property(sources vrtl SOURCES)
  list(FILTER sources INCLUDE REGEX "/${prefix}__Trace__[0-9]+\\.cpp$")
  if(sources)
    set_property(SOURCE ${sources} APPEND_STRING PROPERTY COMPILE_FLAGS " -O0")
  endif()
endfunction()

# Number and largest table of each kind of lane, as LaneKind and max_lane_table_log().
set(KINDS tans rans arith tans_pair)
set(PARAMETERS_tans Kind=0 TableLog=14)
set(PARAMETERS_rans Kind=1 TableLog=12)
set(PARAMETERS_arith Kind=2 TableLog=10)
set(PARAMETERS_tans_pair Kind=3 TableLog=14)

add_library(vrtl STATIC rtl_print.cpp)
set_property(TARGET vrtl PROPERTY COMPILE_OPTIONS "")
foreach(kind IN LISTS KINDS)
  foreach(n IN ITEMS 1 4 16 64)
    add_rtl(Vdecoder_${kind}_${n} decoder ${PARAMETERS_${kind}} Lanes=${n})
  endforeach()
endforeach()

# For tests/cosim_tiny: the tANS lane by itself, small enough to enumerate.
block()
  list(APPEND RTL_SOURCES ${CMAKE_SOURCE_DIR}/tests/rtl/flat_lane.sv)
  add_rtl(Vtans_lane_tiny flat_lane TableLog=4)
endblock()

# spoil(name module text bad): RTL_SOURCES with a `module` that has `bad` for `text`, which must be
# there exactly once.
function(spoil name module text bad)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${RTL}/${module}.sv)
  file(READ ${RTL}/${module}.sv source)
  string(FIND "${source}" "${text}" first)
  string(FIND "${source}" "${text}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "what the seeded fault '${name}' spoils is not once in rtl/${module}.sv")
  endif()
  string(REPLACE "${text}" "${bad}" source "${source}")
  set(spoilt ${CMAKE_CURRENT_BINARY_DIR}/${name}/rtl/${module}.sv)  # where lint.vlt looks
  file(CONFIGURE OUTPUT ${spoilt} CONTENT "${source}" @ONLY)
  list(TRANSFORM RTL_SOURCES REPLACE "^${RTL}/${module}.sv$" "${spoilt}")
  set(RTL_SOURCES ${RTL_SOURCES} PARENT_SCOPE)
endfunction()

# add_seeded_fault(name kind module text bad): a class Vfault_<name>, a spoilt decoder of one lane.
# For tests/cosim_tiny.
function(add_seeded_fault name kind module text bad)
  spoil(${name} ${module} "${text}" "${bad}")
  add_rtl(Vfault_${name} decoder ${PARAMETERS_${kind}} Lanes=1)
endfunction()

# The mask of a step lets a bit too many through if nbits is even.
add_seeded_fault(tans tans tans_lane
  "(control.bits[TableLog-1:0] & ~({TableLog{1'b1}} << entry.nbits))"
  "(control.bits[TableLog-1:0] & ~({TableLog{1'b1}} << (entry.nbits | 4'd1)))")
# States up to 2^17 are refilled, not only those below 2^16.
add_seeded_fault(rans rans rans_coder "(stepped[31:16] == '0)" "(stepped[31:17] == '0)")
# Underflow is forgotten.
add_seeded_fault(arith arith arith_coder "upper | (lo & ~hi)" "upper")
# The second value of a beat sees the first one's offset bits modulo 8.
add_seeded_fault(tans_pair tans_pair lane_control "(offset_bits >> first_bits)"
  "(offset_bits >> (first_bits & 5'd7))")
# Every step looks into bank 0: the swap of tables takes effect for the first symbol only.
add_seeded_fault(swap tans tans_lane "{control.next_bank, state_init} : {control.bank, state_d}"
  "{control.next_bank, state_init} : {control.bank & 1'b0, state_d}")

include(rtl_axi.cmake)

target_compile_options(vrtl PRIVATE -include ${CMAKE_CURRENT_SOURCE_DIR}/rtl_print.hpp)
target_compile_definitions(vrtl PRIVATE VL_PRINTF=transom_rtl_print)
target_link_libraries(vrtl PUBLIC ZLIB::ZLIB)
get_target_property(RTL_INCLUDES vrtl INCLUDE_DIRECTORIES)
target_include_directories(vrtl SYSTEM INTERFACE ${RTL_INCLUDES})
target_compile_definitions(vrtl INTERFACE VM_TRACE=1 VM_TRACE_FST=1 VM_COVERAGE=0 VM_SC=0)

target_sources(sim PRIVATE rtl_decoder.cpp)
target_link_libraries(sim PRIVATE vrtl)
target_compile_definitions(sim PUBLIC TRANSOM_HAVE_RTL)
