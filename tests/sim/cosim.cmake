# The decoder unit against the model: cosim_units, cosim_ends, cosim_faults and cosim_forged run every
# model of it that is built, cosim_lockstep tells what compares them, cosim_tiny enumerates the RTL lane,
# cosim_axi and cosim_axi_errors hold the unit in its system to the model, cosim_axi_model its cycle
# model to the RTL, cosim_lt its loosely timed view to the cycle model, cosim_tlm its views for a
# virtual platform; cosim_axi_memory holds the surroundings of all of these to their rates, cosim_axi_rates the
# formulas of rtl/AXI.md to the cycle model, cosim_sizes a small unit to all of it, cosim_coverage and
# cosim_coverage_systems close the cover points on all of them. The rest holds rtl/ to its tools.
# SPDX-License-Identifier: Apache-2.0
set(COSIM_TESTS axi_memory coverage/coverage coverage/coverage_systems lt axi/axi_rates axi/wide_model axi/wide_lt)
if(TARGET transom_systemc OR TARGET transom_verilated)
  list(APPEND COSIM_TESTS lockstep units ends faults forged)
endif()
if(TARGET transom_verilated)
  list(APPEND COSIM_TESTS tiny axi axi_errors axi_model axi/axi_abort axi/axi_build axi/axi_limits
    axi/axi_forged axi/sizes axi/wide)
endif()
if(TARGET transom_systemc)
  list(APPEND COSIM_TESTS tlm tlm_time axi/tlm_limits)
endif()
set(SHAPES_units lockstep units ends faults forged coverage)
set(SHAPES_tiny tiny)
set(SHAPES_axi axi axi_errors axi_model axi_abort axi_build axi_limits axi_forged sizes wide coverage_systems)
foreach(file IN LISTS COSIM_TESTS)
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(name ${file} NAME)
  add_executable(cosim_${name} sim/${folder}/cosim_${name}.cpp)
  target_link_libraries(cosim_${name} PRIVATE transom_whole_workbench transom_warnings Catch2::Catch2WithMain)
  set(shapes)
  foreach(group IN ITEMS units tiny axi)  # whose shapes of the RTL it runs
    if(TARGET transom_verilated AND name IN_LIST SHAPES_${group})
      set(shapes FIXTURES_REQUIRED shapes_${group})
    endif()
  endforeach()
  add_cases(cosim_${name} cosim ${shapes})
endforeach()
target_link_libraries(cosim_lt PRIVATE transom_golden)
target_link_libraries(cosim_axi_rates PRIVATE transom_golden)
if(TARGET transom_verilated)
  # The shapes of the RTL that tests run are built before these, some at a time; any other when it is asked for.
  foreach(group IN ITEMS units tiny axi)
    add_test(NAME shapes_${group} COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/sim/shapes.sh
      ${PROJECT_BINARY_DIR}/shapes ${TRANSOM_SHAPE_CXX} ${group})
    set_tests_properties(shapes_${group} PROPERTIES FIXTURES_SETUP shapes_${group} LABELS cosim TIMEOUT 3600 PROCESSORS 2)
  endforeach()
  foreach(name IN LISTS SHAPES_axi)
    target_link_libraries(cosim_${name} PRIVATE transom_golden)
  endforeach()
endif()
if(TARGET transom_systemc)
  foreach(name IN ITEMS tlm tlm_time tlm_limits)
    target_link_libraries(cosim_${name} PRIVATE transom_systemc)
  endforeach()
endif()

add_test(NAME rtl_package_is_current COMMAND sh -c
  "$<TARGET_FILE:emit_sv> | cmp - ${PROJECT_SOURCE_DIR}/rtl/codec_pkg.sv")
add_test(NAME python_spec_is_current COMMAND sh -c
  "$<TARGET_FILE:emit_sv> --python | cmp - ${PROJECT_SOURCE_DIR}/python/transom/spec.py")
find_program(YOSYS_TOOL yosys)
find_program(IVERILOG_TOOL iverilog)
if(VERILATOR_TOOL)
  add_test(NAME rtl_lint COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/rtl/lint.sh)
endif()
if(YOSYS_TOOL)
  add_test(NAME rtl_synth COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/rtl/synth.sh)
endif()
if(YOSYS_TOOL AND IVERILOG_TOOL)
  add_test(NAME rtl_icarus COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/rtl/icarus.sh)
endif()
foreach(name IN ITEMS rtl_package_is_current python_spec_is_current rtl_lint rtl_synth rtl_icarus)
  if(TEST ${name})
    set_tests_properties(${name} PROPERTIES LABELS rtl)
  endif()
endforeach()
