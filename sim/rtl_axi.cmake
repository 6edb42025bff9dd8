# decoder_axi as C++: a variant for each kind of lane, each bus width among them, and one with a
# seeded fault. sim/rtl_axi.cpp knows the same shapes. Wants what rtl.cmake has set up.
set(AXI_SOURCES ${CMAKE_CURRENT_LIST_DIR}/axi_probe.vlt ${RTL_SOURCES})
foreach(module IN ITEMS axi_fifo word_fifo group_fifo axi_pick axi_fetch axi_descriptor
    axi_sequencer axi_jobs axi_errors axi_counters axi_regs value_gather axi_checks decoder_axi)
  list(APPEND AXI_SOURCES ${RTL}/${module}.sv)
endforeach()

# add_axi(prefix sources parameter...)
function(add_axi prefix sources)
  set(RTL_SOURCES ${${sources}})
  add_rtl(${prefix} decoder_axi ${ARGN})
endfunction()
add_axi(Vaxi_tans4 AXI_SOURCES ${PARAMETERS_tans} Lanes=4)
add_axi(Vaxi_tans16 AXI_SOURCES ${PARAMETERS_tans} Lanes=16)
add_axi(Vaxi_rans4 AXI_SOURCES ${PARAMETERS_rans} Lanes=4 DataBits=64)
add_axi(Vaxi_arith4 AXI_SOURCES ${PARAMETERS_arith} Lanes=4 DataBits=512)
add_axi(Vaxi_pair4 AXI_SOURCES ${PARAMETERS_pair} Lanes=4 DataBits=256)

# The fault: the first beat of a burst is not trimmed to the words that its channel asked for. The
# text to spoil must be there exactly once.
set(TRIM "beat_begin_q ? queue_first : '0")
set(BAD_TRIM "beat_begin_q ? queue_first & '0 : '0")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${RTL}/axi_fetch.sv)
file(READ ${RTL}/axi_fetch.sv FETCH)
string(FIND "${FETCH}" "${TRIM}" FIRST)
string(FIND "${FETCH}" "${TRIM}" LAST REVERSE)
if(FIRST EQUAL -1 OR NOT FIRST EQUAL LAST)
  message(FATAL_ERROR "the trim that the seeded fault spoils is not once in rtl/axi_fetch.sv")
endif()
string(REPLACE "${TRIM}" "${BAD_TRIM}" FETCH "${FETCH}")
set(BAD_FETCH ${CMAKE_CURRENT_BINARY_DIR}/fetch/rtl/axi_fetch.sv)  # where lint.vlt looks
file(CONFIGURE OUTPUT ${BAD_FETCH} CONTENT "${FETCH}" @ONLY)
list(TRANSFORM AXI_SOURCES REPLACE "^${RTL}/axi_fetch.sv$" "${BAD_FETCH}"
  OUTPUT_VARIABLE AXI_FAULT_SOURCES)
add_axi(Vaxi_fault AXI_FAULT_SOURCES ${PARAMETERS_tans} Lanes=4)

target_sources(sim PRIVATE rtl_axi.cpp)
