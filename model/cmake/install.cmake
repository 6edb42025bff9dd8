# What `cmake --install` puts where, for find_package and for pkg-config. Each library is an install component of
# its own: after `cmake --build build --target transom_model` alone, `cmake --install build --component model` works.
# SPDX-License-Identifier: Apache-2.0
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(TRANSOM_CMAKE ${CMAKE_CURRENT_LIST_DIR})
set(TRANSOM_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/transom)

# transom_install(target [INTERNAL pattern...] [REQUIRES module...] [CFLAGS flag...] [LIBS flag...]): its library, the
# headers of its rooms but those of INTERNAL, target transom::<name> of the package, and transom-<name>.pc with what
# pkg-config is to know. To be called when the target is complete.
function(transom_install target)
  if(NOT TRANSOM_INSTALL)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "INTERNAL;REQUIRES;CFLAGS;LIBS")
  string(REPLACE "transom_" "" name ${target})
  # The warnings that we want are nobody else's affair.
  get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
  list(REMOVE_ITEM links "$<LINK_ONLY:transom_warnings>")
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} INTERFACE_LINK_LIBRARIES "${links}")
  install(TARGETS ${target} EXPORT transom-${name} ARCHIVE COMPONENT ${name}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT transom-${name} NAMESPACE transom:: DESTINATION ${TRANSOM_PACKAGE} COMPONENT ${name})

  set(internal)
  foreach(pattern IN LISTS arg_INTERNAL)
    list(APPEND internal PATTERN ${pattern} EXCLUDE)
  endforeach()
  get_target_property(rooms ${target} TRANSOM_ROOMS)
  foreach(room IN LISTS rooms)
    string(REGEX MATCH "^([^=]+)=(.*)$" _ ${room})
    set(headers DIRECTORY ${CMAKE_MATCH_2}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/transom/${CMAKE_MATCH_1})
    install(${headers} COMPONENT ${name} FILES_MATCHING PATTERN "*.hpp" ${internal})
    install(${headers} COMPONENT headers EXCLUDE_FROM_ALL FILES_MATCHING PATTERN "*.hpp" ${internal})  # for ./dev docs
  endforeach()

  file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  list(JOIN arg_REQUIRES " " requires)
  list(JOIN arg_CFLAGS " " cflags)
  list(JOIN arg_LIBS " " libs)
  configure_file(${TRANSOM_CMAKE}/transom.pc.in ${PROJECT_BINARY_DIR}/transom-${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/transom-${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT ${name})
endfunction()

set(TRANSOM_VERSION_FOLDER ${PROJECT_BINARY_DIR}/include/transom_model/transom)
configure_file(${TRANSOM_CMAKE}/version.hpp.in ${TRANSOM_VERSION_FOLDER}/version.hpp @ONLY)

if(TRANSOM_INSTALL)
  # Until 1.0 a new minor version may break what is there.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/transom-config-version.cmake COMPATIBILITY SameMinorVersion)
  set(TRANSOM_RTL_FOLDER ${CMAKE_INSTALL_DATADIR}/transom/rtl)
  configure_package_config_file(${TRANSOM_CMAKE}/transom-config.cmake.in ${PROJECT_BINARY_DIR}/transom-config.cmake
    INSTALL_DESTINATION ${TRANSOM_PACKAGE} PATH_VARS TRANSOM_RTL_FOLDER NO_CHECK_REQUIRED_COMPONENTS_MACRO)
  install(FILES ${PROJECT_BINARY_DIR}/transom-config.cmake ${PROJECT_BINARY_DIR}/transom-config-version.cmake
    DESTINATION ${TRANSOM_PACKAGE} COMPONENT model)
  set(version FILES ${TRANSOM_VERSION_FOLDER}/version.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/transom)
  install(${version} COMPONENT model)
  install(${version} COMPONENT headers EXCLUDE_FROM_ALL)
  install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT model)
  # The RTL, for those who put the decoder into a chip.
  install(DIRECTORY rtl/ DESTINATION ${TRANSOM_RTL_FOLDER} COMPONENT rtl FILES_MATCHING
    PATTERN "*.sv" PATTERN "*.svh" PATTERN "*.sh" PATTERN "*.f" PATTERN "*.vlt" PATTERN "*.md" PATTERN "cost.json")
endif()
