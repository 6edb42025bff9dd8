# The library as other projects use it, and the examples.
# SPDX-License-Identifier: Apache-2.0
add_test(NAME example_roundtrip COMMAND roundtrip)
if(TARGET platform)
  add_test(NAME example_platform COMMAND platform)
endif()
add_test(NAME example_platform_is_in_its_page COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/listing.sh
  ${PROJECT_SOURCE_DIR}/sim/systemc/TLM.md ${PROJECT_SOURCE_DIR}/examples/platform.cpp)
foreach(name IN ITEMS example_roundtrip example_platform example_platform_is_in_its_page)
  if(TEST ${name})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${TEST_ENVIRONMENT}" LABELS install)
  endif()
endforeach()

find_program(DOXYGEN doxygen)
if(DOXYGEN)
  add_test(NAME docs COMMAND sh ${PROJECT_SOURCE_DIR}/docs/build.sh ${PROJECT_BINARY_DIR})
  set_tests_properties(docs PROPERTIES LABELS docs)
endif()

# A sanitised library would want its users sanitised too.
if(NOT TRANSOM_SANITIZE)
  foreach(way IN ITEMS find_package add_subdirectory pkg_config model_alone program examples)
    add_test(NAME install_${way} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/use.sh ${way})
    set_tests_properties(install_${way} PROPERTIES LABELS install SKIP_RETURN_CODE 77
      ENVIRONMENT "${TEST_ENVIRONMENT};TRANSOM_VERSION=${PROJECT_VERSION};CXX=${CMAKE_CXX_COMPILER};CMAKE_CXX_COMPILER_LAUNCHER=${CCACHE}")
  endforeach()
endif()
