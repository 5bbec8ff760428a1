# What nearly every file begins with, read once instead of hundreds of times. For the tests and the fuzzers alone: what is
# shipped is built without, so that a file that does not name what it needs is found.
set(STANDARD_HEADERS <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <optional> <set> <span>
                     <string> <string_view> <utility> <variant> <vector>)

# precompile(unit_store unit_base <string>): with the headers that unit_base, the first that is so built, precompiled.
function(precompile target first)
  if(target STREQUAL first)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${first})
  endif()
endfunction()

# module(store gateway/store SHOWS base record USES audit LIBS sqlite3)
#
# One folder = one library = one namespace. `SHOWS` are the modules whose headers this module's own headers show, `USES`
# those that only its .cc files include, `LIBS` outside libraries. A module's include root holds links to its own headers
# and nothing else, so a header of another module can be included only where the table in modules.cmake names it.
# CMake hands what is shown onwards; the boundary test reads every include line against the same table, and is stricter.
function(module name folder)
  cmake_parse_arguments(ARG "" "" "SHOWS;USES;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cc")
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/${folder}"
       "${PROJECT_SOURCE_DIR}/${folder}/*.h")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(NOT sources AND NOT headers)
    return()
  endif()

  get_filename_component(last "${folder}" NAME)
  set(root "${PROJECT_BINARY_DIR}/include/${name}")
  file(REMOVE_RECURSE "${root}")
  file(MAKE_DIRECTORY "${root}/${last}")
  foreach(header IN LISTS headers)
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${folder}/${header}" "${root}/${last}/${header}" SYMBOLIC)
  endforeach()
  list(TRANSFORM headers PREPEND "${root}/${last}/")

  if(sources)
    add_library(milecastle_${name} STATIC ${sources})
    set(scope PUBLIC)
    if(MILECASTLE_FUZZ)
      precompile(milecastle_${name} milecastle_base ${STANDARD_HEADERS})
    endif()
  else()
    add_library(milecastle_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(milecastle::${name} ALIAS milecastle_${name})
  target_sources(milecastle_${name} ${scope} FILE_SET HEADERS BASE_DIRS "${root}" FILES ${headers})
  set_target_properties(milecastle_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  list(TRANSFORM ARG_SHOWS PREPEND "milecastle_")
  list(TRANSFORM ARG_USES PREPEND "milecastle_")
  target_link_libraries(milecastle_${name} ${scope} ${ARG_SHOWS})
  if(sources)
    target_link_libraries(milecastle_${name} PRIVATE ${ARG_USES} ${ARG_LIBS})
  endif()
endfunction()
