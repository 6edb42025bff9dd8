# decoder_axi as C++: a variant for each kind of lane, each bus width among them, and one with a
# seeded fault. sim/rtl_axi.cpp knows the same shapes. Wants RTL, RTL_SOURCES and vrtl of rtl.cmake.
set(AXI_SOURCES ${CMAKE_CURRENT_LIST_DIR}/axi_probe.vlt ${RTL_SOURCES})
foreach(name IN ITEMS axi_fifo word_fifo group_fifo axi_fetch axi_descriptor axi_sequencer axi_jobs axi_errors
    axi_counters axi_regs value_gather axi_checks decoder_axi)
  list(APPEND AXI_SOURCES ${RTL}/${name}.sv)
endforeach()

# add_axi(prefix sources parameter...)
function(add_axi prefix sources)
  list(TRANSFORM ARGN PREPEND -G)
  verilate(vrtl PREFIX ${prefix} TOP_MODULE decoder_axi SOURCES ${${sources}} TRACE_FST
    OPT_FAST -O3 OPT_SLOW -O0 OPT_GLOBAL -O2
    VERILATOR_ARGS -Wall --assert --x-assign fast --x-initial fast ${ARGN})
endfunction()
add_axi(Vaxi_tans4 AXI_SOURCES Kind=0 Lanes=4)
add_axi(Vaxi_tans16 AXI_SOURCES Kind=0 Lanes=16)
add_axi(Vaxi_rans4 AXI_SOURCES Kind=1 Lanes=4 TableLog=12 DataBits=64)
add_axi(Vaxi_arith4 AXI_SOURCES Kind=2 Lanes=4 TableLog=10 DataBits=512)
add_axi(Vaxi_pair4 AXI_SOURCES Kind=3 Lanes=4 DataBits=256)

# The fault: the first beat of a burst is not trimmed to the words that its channel asked for. The
# text to spoil must be there exactly once.
set(TRIM "beat_begin_q ? queue_first : '0")
file(READ ${RTL}/axi_fetch.sv FETCH)
string(FIND "${FETCH}" "${TRIM}" TRIM_AT)
string(FIND "${FETCH}" "${TRIM}" TRIM_LAST REVERSE)
if(TRIM_AT EQUAL -1 OR NOT TRIM_AT EQUAL TRIM_LAST)
  message(FATAL_ERROR "the trim that the seeded fault spoils is not once in rtl/axi_fetch.sv")
endif()
string(REPLACE "${TRIM}" "beat_begin_q & ~beat_begin_q ? queue_first : '0" BAD_FETCH "${FETCH}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/rtl/axi_fetch.sv CONTENT "${BAD_FETCH}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${RTL}/axi_fetch.sv)
list(TRANSFORM AXI_SOURCES REPLACE "${RTL}/axi_fetch.sv"
  "${CMAKE_CURRENT_BINARY_DIR}/rtl/axi_fetch.sv" OUTPUT_VARIABLE AXI_FAULT_SOURCES)
add_axi(Vaxi_fault AXI_FAULT_SOURCES Kind=0 Lanes=4)

target_sources(sim PRIVATE axi_image.cpp axi_bench.cpp rtl_axi.cpp)
