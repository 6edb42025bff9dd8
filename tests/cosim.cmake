# The decoder unit against the model: cosim_units, cosim_ends and cosim_faults run every model of it
# that is built, cosim_lockstep tells what compares them, cosim_tiny enumerates the RTL lane,
# cosim_axi and cosim_axi_errors hold the unit in its system to the model, cosim_axi_model its cycle
# model to the RTL, cosim_lt its loosely timed view to the cycle model, cosim_tlm its views for a
# virtual platform; cosim_axi_memory holds the surroundings of all of these to their rates. The rest
# holds rtl/ to its tools.
set(COSIM_TESTS axi_memory lt)
if(TARGET transom_systemc OR TARGET transom_verilated)
  list(APPEND COSIM_TESTS lockstep units ends faults)
endif()
if(TARGET transom_verilated)
  list(APPEND COSIM_TESTS tiny axi axi_errors axi_model)
endif()
if(TARGET transom_systemc)
  list(APPEND COSIM_TESTS tlm tlm_time)
endif()
foreach(name IN LISTS COSIM_TESTS)
  add_executable(cosim_${name} cosim_${name}.cpp)
  target_link_libraries(cosim_${name} PRIVATE transom_workbench transom_warnings Catch2::Catch2WithMain)
  target_include_directories(cosim_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  add_test(NAME cosim_${name} COMMAND cosim_${name})
  set_tests_properties(cosim_${name} PROPERTIES ENVIRONMENT "${TEST_ENVIRONMENT}" LABELS cosim)
endforeach()
target_link_libraries(cosim_lt PRIVATE transom_golden)
if(TARGET transom_verilated)
  # The shapes of the RTL that tests run are built before these, some at a time; any other when it is asked for.
  foreach(group IN ITEMS units tiny axi)
    add_test(NAME shapes_${group} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/shapes.sh
      ${CMAKE_BINARY_DIR}/shapes ${CMAKE_CXX_COMPILER} ${group})
    set_tests_properties(shapes_${group} PROPERTIES FIXTURES_SETUP shapes_${group} LABELS cosim TIMEOUT 3600 PROCESSORS 2)
  endforeach()
  set_tests_properties(cosim_units cosim_ends cosim_faults PROPERTIES FIXTURES_REQUIRED shapes_units)
  set_tests_properties(cosim_tiny PROPERTIES FIXTURES_REQUIRED shapes_tiny)
  set_tests_properties(cosim_axi cosim_axi_errors cosim_axi_model PROPERTIES FIXTURES_REQUIRED shapes_axi)
  foreach(name IN ITEMS axi axi_errors axi_model)
    target_link_libraries(cosim_${name} PRIVATE transom_golden)
  endforeach()
endif()
if(TARGET transom_systemc)
  target_link_libraries(cosim_tlm PRIVATE transom_systemc)
  target_link_libraries(cosim_tlm_time PRIVATE transom_systemc)
  # The platform that sim/systemc/TLM.md shows, as it stands there.
  add_executable(tlm_example tlm_example.cpp)
  target_link_libraries(tlm_example PRIVATE transom_systemc transom_warnings)
  add_test(NAME tlm_example COMMAND tlm_example)
  add_test(NAME tlm_example_is_current COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/tlm_example.sh
    ${CMAKE_SOURCE_DIR}/sim/systemc/TLM.md ${CMAKE_CURRENT_SOURCE_DIR}/tlm_example.cpp)
  set_tests_properties(tlm_example tlm_example_is_current PROPERTIES
    ENVIRONMENT "${TEST_ENVIRONMENT}" LABELS cosim)
endif()

add_test(NAME rtl_package_is_current COMMAND sh -c
  "$<TARGET_FILE:emit_sv> | cmp - ${CMAKE_SOURCE_DIR}/rtl/codec_pkg.sv")
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
foreach(name IN ITEMS rtl_package_is_current rtl_lint rtl_synth rtl_icarus)
  if(TEST ${name})
    set_tests_properties(${name} PROPERTIES LABELS rtl)
  endif()
endforeach()
