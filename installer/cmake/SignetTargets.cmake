# The two helper functions every target of the project goes through.

# Of targets that only call others; behind the build type's -O3, so that it wins.
set(SIGNET_LIGHT_OPTIMISATION $<$<CONFIG:Release>:-O1>)

add_library(signet_options INTERFACE)
target_compile_options(signet_options INTERFACE -Wall -Wextra -Wno-unused-parameter)
target_compile_options(signet_options INTERFACE -fPIC)  # Qt wants it; all have it, so that all share the precompiled headers
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(signet_options INTERFACE -Wno-restrict)  # false alarms on std::string + literal (GCC bug 105651)
endif()
if(SIGNET_WERROR)
  target_compile_options(signet_options INTERFACE -Werror)
endif()
if(SIGNET_SANITIZE)
  target_compile_options(signet_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer -g)
  target_link_options(signet_options INTERFACE -fsanitize=address,undefined)
endif()
if(SIGNET_FUZZ)
  # -O1: half the time of -O2 to compile, for inputs of a few KB. What is undefined is a finding: it stops the program.
  target_compile_options(signet_options INTERFACE -O1 -gline-tables-only -fno-omit-frame-pointer
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  target_compile_definitions(signet_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(signet_options INTERFACE -fsanitize=address,undefined)
endif()
target_include_directories(signet_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

# signet_library(NAME SOURCES a.cpp... [TORCH a.cpp...] [HOT ALL | HOT a.cpp...] [LINK targets...] [JSON]
#   [UNITY [ALONE a.cpp...]] [PARALLEL a.cpp...])
# TORCH: sources that include LibTorch's headers; they use the one precompiled header of such sources. JSON: the sources use that
# of core. HOT: sources with loops over pixels, scores or points, for which -O3 pays (no floating-point trap is ever asked for, and
# without them choices between two values become vectors too); what only calls others is built with -O1, in
# two thirds of the time.
# UNITY: sources are compiled in groups, where what they include costs more than what they say; ALONE: not these, whose names
# are in other sources of the library too. PARALLEL: sources that share their work among OpenMP's threads, at::parallel_for
# too. Of GNU's OpenMP, which is LibTorch's own; else one thread does it.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  find_package(OpenMP COMPONENTS CXX)
endif()
function(signet_library name)
  cmake_parse_arguments(ARG "JSON;UNITY" "" "SOURCES;TORCH;HOT;LINK;ALONE;PARALLEL" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES} ${ARG_TORCH})
  target_link_libraries(${name} PUBLIC signet_options ${ARG_LINK})
  if(NOT ARG_HOT STREQUAL "ALL")
    target_compile_options(${name} PRIVATE ${SIGNET_LIGHT_OPTIMISATION})
    if(ARG_HOT)
      # A precompiled header serves one level of optimisation only: g++ 12 fails on another.
      set_source_files_properties(${ARG_HOT} PROPERTIES COMPILE_OPTIONS "-O3;-fno-trapping-math" SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endif()
  if(ARG_PARALLEL AND OpenMP_CXX_FOUND)
    set_source_files_properties(${ARG_PARALLEL} PROPERTIES COMPILE_OPTIONS "${OpenMP_CXX_FLAGS}" SKIP_PRECOMPILE_HEADERS ON
      SKIP_UNITY_BUILD_INCLUSION ON)
    target_link_libraries(${name} PRIVATE ${OpenMP_CXX_LIBRARIES})
  endif()
  if(ARG_UNITY)
    signet_group_sources(${name} 8)
    set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  if(ARG_TORCH)
    target_link_libraries(${name} PUBLIC LibTorch::LibTorch)
    signet_precompile(${name} signet_kernels <torch/torch.h>)
    if(NOT ARG_UNITY OR NOT SIGNET_UNITY)
      set_source_files_properties(${ARG_SOURCES} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  elseif(ARG_JSON)
    signet_precompile(${name} signet_base <nlohmann/json.hpp> <fmt/format.h> <algorithm> <filesystem> <functional> <map>
      <optional> <set> <span> <string> <vector>)
  endif()
endfunction()

# signet_group_sources(NAME SIZE): the sources of a target are compiled so many at a time.
function(signet_group_sources name size)
  if(SIGNET_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${name} PRIVATE -Wno-subobject-linkage)  # a grouped source is taken for a header
    endif()
  endif()
endfunction()

# signet_precompile(NAME OWNER headers...): one precompiled header serves all targets of a kind; OWNER is the first of them.
function(signet_precompile name owner)
  if(name STREQUAL owner)
    target_precompile_headers(${name} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${name} REUSE_FROM ${owner})
  endif()
endfunction()

# signet_test_moc(NAME SOURCE.cpp): SOURCE.moc of a test's source, and moc_SOURCE.cpp of the header beside it, for these to
# include. AUTOMOC would have moc read all of LibTorch's headers, 10 s a source, for nothing.
function(signet_test_moc name source)
  get_filename_component(stem ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  set(made ${CMAKE_BINARY_DIR}/tests/moc)
  file(MAKE_DIRECTORY ${made})
  foreach(pair ${source}:${stem}.moc ${folder}/${stem}.h:moc_${stem}.cpp)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 from)
    list(GET pair 1 to)
    if(EXISTS ${from})
      add_custom_command(OUTPUT ${made}/${to} COMMAND Qt6::moc --no-notes ${from} -o ${made}/${to} DEPENDS ${from} VERBATIM)
      set_source_files_properties(${made}/${to} PROPERTIES HEADER_FILE_ONLY ON)
      target_sources(${name} PRIVATE ${made}/${to})
    endif()
  endforeach()
  target_include_directories(${name} PRIVATE ${made})
endfunction()

# What every program of tests is built with: signet_test_executable(NAME [TORCH | UI] [LINK targets...]). The precompiled
# header is that of the Torch targets, of the desktop's, or of core. Sources are compiled in groups, in the order they are named
# in, so what several tests of one folder say at file scope stands in a header beside them.
function(signet_test_executable name)
  cmake_parse_arguments(ARG "TORCH;UI" "" "LINK" ${ARGN})
  add_executable(${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  signet_group_sources(${name} 5)
  target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS)
  target_compile_options(${name} PRIVATE ${SIGNET_LIGHT_OPTIMISATION})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${name} PRIVATE -Wno-array-bounds)  # false alarms on short std::string (GCC bug 105329)
  endif()
  target_link_libraries(${name} PRIVATE signet_options signet_test_support Qt6::Test ${ARG_LINK})
  if(ARG_TORCH)
    target_precompile_headers(${name} REUSE_FROM signet_kernels)
  elseif(ARG_UI)
    target_compile_definitions(${name} PRIVATE SIGNET_TEST_WIDGETS)
    target_precompile_headers(${name} REUSE_FROM signet_style)
  else()
    target_precompile_headers(${name} REUSE_FROM signet_base)
  endif()
endfunction()

# signet_test_program(NAME [TORCH | UI] [LINK targets...]): the program of the tests that follow in this folder; "NAME TEST"
# runs one. A program a test would be linked for longer than it runs.
function(signet_test_program name)
  signet_test_executable(${name} ${ARGN})
  target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/test_program.cpp)
  set(SIGNET_TEST_PROGRAM ${name} PARENT_SCOPE)
endfunction()

# signet_test(NAME SOURCES NAME.cpp more.cpp... LABEL unit|ui|app|slow [QUICK] [SOAK] [LINK targets...] [TIMEOUT s] [COST s] [ALONE]
#   [OWN])
# A class of Qt Test, run offscreen, registered with ctest under NAME. QUICK: also for every change (ctest -L quick). SOAK:
# NAME_soak repeats what is drawn at random ten times as often (ctest -L soak). COST: of a long one, which starts early, so that
# not all others wait for it in the end. ALONE: no other test runs beside it, because it
# uses all cores. OWN: a desktop program with a main() of its own.
function(signet_test name)
  cmake_parse_arguments(ARG "ALONE;OWN;QUICK;SOAK" "COST;LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  if(ARG_OWN)
    signet_test_executable(${name} UI)
    set(program ${name})
    set(command ${name})
  else()
    set(program ${SIGNET_TEST_PROGRAM})
    set(command ${program} ${name})
  endif()
  foreach(source ${ARG_SOURCES})
    get_filename_component(source ${source} ABSOLUTE)
    get_target_property(known ${program} SOURCES)
    if(NOT source IN_LIST known)  # what several tests share
      target_sources(${program} PRIVATE ${source})
      signet_test_moc(${program} ${source})
    endif()
  endforeach()
  target_link_libraries(${program} PRIVATE ${ARG_LINK})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  if(NOT ARG_COST)
    set(ARG_COST 0)
  endif()
  set(labels ${ARG_LABEL})
  if(ARG_QUICK)
    list(APPEND labels quick)
  endif()
  # Qt Test's own limit of 5 minutes a function would end a long test of a loaded machine.
  math(EXPR limit_ms "${ARG_TIMEOUT} * 1000")
  set(environment QT_QPA_PLATFORM=offscreen SIGNET_SOURCE_DIR=${CMAKE_SOURCE_DIR} SIGNET_BINARY=${CMAKE_BINARY_DIR}/bin/signet
    QTEST_FUNCTION_TIMEOUT=${limit_ms})
  add_test(NAME ${name} COMMAND ${command})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${ARG_TIMEOUT} COST ${ARG_COST}
    RUN_SERIAL ${ARG_ALONE} ENVIRONMENT "${environment}")
  if(ARG_SOAK)
    add_test(NAME ${name}_soak COMMAND ${command})
    set_tests_properties(${name}_soak PROPERTIES LABELS soak TIMEOUT 7200 ENVIRONMENT "${environment};SIGNET_SOAK=1")
  endif()
endfunction()
