# link.cmake — TO becomes the package: a link to each entry of FROM, beside what was built there.
# SPDX-License-Identifier: Apache-2.0
file(GLOB there RELATIVE ${TO} ${TO}/*)
foreach(name IN LISTS there)
  if(IS_SYMLINK ${TO}/${name} AND NOT EXISTS ${FROM}/${name})
    file(REMOVE ${TO}/${name})
  endif()
endforeach()
file(GLOB names RELATIVE ${FROM} ${FROM}/*)
list(REMOVE_ITEM names __pycache__)
foreach(name IN LISTS names)
  file(CREATE_LINK ${FROM}/${name} ${TO}/${name} SYMBOLIC)
endforeach()
