# transom_together(target group file...): these are compiled as one file, headers and templates once. Names in
# their unnamed namespaces differ. TRANSOM_TOGETHER=OFF for tools that want each file by itself.
# SPDX-License-Identifier: Apache-2.0
function(transom_together target group)
  if(NOT DEFINED TRANSOM_TOGETHER OR TRANSOM_TOGETHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    set_source_files_properties(${ARGN} PROPERTIES UNITY_GROUP ${group})
  endif()
endfunction()

# transom_rooms(target room...): the headers of these folders are included as transom/<room>/<file>.hpp, in
# the build tree (by a link) as where they are installed. "name=folder" where the folder is not named so.
# A target sees its own rooms and those of the targets that it links.
function(transom_rooms target)
  set(root ${PROJECT_BINARY_DIR}/include/${target})
  file(MAKE_DIRECTORY ${root}/transom)
  foreach(room IN LISTS ARGN)
    string(REGEX MATCH "^([^=]+)=?(.*)$" _ ${room})
    set(name ${CMAKE_MATCH_1})
    set(folder ${CMAKE_MATCH_2})
    if(NOT folder)
      set(folder ${name})
    endif()
    get_filename_component(folder ${folder} ABSOLUTE)
    file(CREATE_LINK ${folder} ${root}/transom/${name} SYMBOLIC)
    set_property(TARGET ${target} APPEND PROPERTY TRANSOM_ROOMS ${name}=${folder})
  endforeach()
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${root}>)
endfunction()
