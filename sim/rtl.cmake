# The RTL as C++: one library holds all Verilated variants, so that Verilator's runtime is compiled
# once. Neither the project's warnings nor its sanitizers apply to what Verilator writes.
set(RTL ${CMAKE_SOURCE_DIR}/rtl)
set(RTL_SOURCES ${RTL}/lint.vlt ${RTL}/codec_pkg.sv ${RTL}/bit_reader.sv ${RTL}/tans_lane.sv
  ${RTL}/table_ram.sv ${RTL}/decoder.sv)

# add_rtl(prefix top [parameter...]): a class `prefix` from module `top` of RTL_SOURCES.
function(add_rtl prefix top)
  list(TRANSFORM ARGN PREPEND -G)
  verilate(vrtl PREFIX ${prefix} TOP_MODULE ${top} SOURCES ${RTL_SOURCES} TRACE_FST
    OPT_FAST -O3 OPT_SLOW -O0 OPT_GLOBAL -O2
    VERILATOR_ARGS -Wall --assert --x-assign fast --x-initial fast ${ARGN})
endfunction()

add_library(vrtl STATIC rtl_print.cpp)
set_property(TARGET vrtl PROPERTY COMPILE_OPTIONS "")
foreach(n IN ITEMS 1 4 16 64)
  add_rtl(Vdecoder${n} decoder Lanes=${n})
endforeach()

# For tests/cosim_tiny: the lane by itself, small enough to enumerate, and a decoder whose lane has
# a seeded fault. The text to spoil must be there exactly once.
add_rtl(Vtans_lane_tiny tans_lane TableLog=4)
set(MASK "(symbol_bits[TableLog-1:0] & ~({TableLog{1'b1}} << entry.nbits))")
set(BAD_MASK "(symbol_bits[TableLog-1:0] & ~({TableLog{1'b1}} << (entry.nbits | 4'd1)))")
file(READ ${RTL}/tans_lane.sv LANE)
string(REPLACE "${MASK}" "${BAD_MASK}" BAD_LANE "${LANE}")
string(LENGTH "${LANE}" LENGTH)
string(LENGTH "${BAD_LANE}" BAD_LENGTH)
math(EXPR GROWTH "${BAD_LENGTH} - ${LENGTH}")
string(LENGTH "${MASK}" MASK_LENGTH)
string(LENGTH "${BAD_MASK}" BAD_MASK_LENGTH)
math(EXPR EXPECTED "${BAD_MASK_LENGTH} - ${MASK_LENGTH}")
if(NOT GROWTH EQUAL EXPECTED)
  message(FATAL_ERROR "the mask that the seeded fault spoils is not once in rtl/tans_lane.sv")
endif()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/rtl/tans_lane.sv CONTENT "${BAD_LANE}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${RTL}/tans_lane.sv)
list(TRANSFORM RTL_SOURCES REPLACE "${RTL}/tans_lane.sv"
  "${CMAKE_CURRENT_BINARY_DIR}/rtl/tans_lane.sv")
add_rtl(Vdecoder_fault decoder Lanes=1)

target_compile_options(vrtl PRIVATE -include ${CMAKE_CURRENT_SOURCE_DIR}/rtl_print.hpp)
target_compile_definitions(vrtl PRIVATE VL_PRINTF=transom_rtl_print)
target_link_libraries(vrtl PUBLIC ZLIB::ZLIB)
get_target_property(RTL_INCLUDES vrtl INCLUDE_DIRECTORIES)
target_include_directories(vrtl SYSTEM INTERFACE ${RTL_INCLUDES})
target_compile_definitions(vrtl INTERFACE VM_TRACE=1 VM_TRACE_FST=1 VM_COVERAGE=0 VM_SC=0)

target_sources(sim PRIVATE rtl_decoder.cpp)
target_link_libraries(sim PRIVATE vrtl)
target_compile_definitions(sim PUBLIC TRANSOM_HAVE_RTL)
