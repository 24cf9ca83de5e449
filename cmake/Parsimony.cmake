# The build's own vocabulary: parsimony_module, parsimony_tests, parsimony_bench.

add_library(parsimony_options INTERFACE)
target_include_directories(parsimony_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(parsimony_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor>
  # GCC 12 sees overlaps in std::string's operator+ that are not there (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>>:-Wno-restrict>
  $<$<BOOL:${PARSIMONY_WERROR}>:-Werror>
  $<$<BOOL:${PARSIMONY_NATIVE}>:-march=native>)
if(PARSIMONY_SANITIZE)
  string(FIND "${PARSIMONY_SANITIZE}" address found_at)
  if(found_at GREATER -1)
    set(with_address ON)
  endif()
  target_compile_options(parsimony_options INTERFACE
    -fsanitize=${PARSIMONY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # Under AddressSanitizer GCC 12 sees uninitialised members in std::regex that are not there (GCC bug 105616).
  target_compile_options(parsimony_options INTERFACE
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>,$<BOOL:${with_address}>>:-Wno-maybe-uninitialized>)
  target_link_options(parsimony_options INTERFACE -fsanitize=${PARSIMONY_SANITIZE})
endif()

# Paths that only this build tree knows; an installed program finds the same files beside itself.
set(PARSIMONY_RUNTIME_DIR ${PROJECT_SOURCE_DIR}/runtime)

# parsimony_module(<folder> [PUBLIC libs...] [PRIVATE libs...])
# One folder, one target parsimony::<folder>, made of every .cpp in it (main.cpp excepted).
function(parsimony_module name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "main\\.cpp$")
  if(sources)
    add_library(parsimony_${name} STATIC ${sources})
    target_link_libraries(parsimony_${name} PUBLIC parsimony_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(parsimony_${name} INTERFACE)
    target_link_libraries(parsimony_${name} INTERFACE parsimony_options ${ARG_PUBLIC})
  endif()
  add_library(parsimony::${name} ALIAS parsimony_${name})
endfunction()

# parsimony_tests(<folder> [libs...]): tests/<folder>/*.cpp -> test_<folder>, each TEST known to ctest.
function(parsimony_tests name)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE parsimony::${name} ${ARGN} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(test_${name} PRIVATE
    PARSIMONY_TEST_DIR="${CMAKE_CURRENT_SOURCE_DIR}" PARSIMONY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(test_${name} PROPERTIES LABELS ${name} TIMEOUT 300 DISCOVERY_TIMEOUT 120)
endfunction()

# parsimony_bench(<folder> [libs...]): bench/<folder>/*.cpp -> bench_<folder>, by Google Benchmark.
function(parsimony_bench name)
  find_package(benchmark REQUIRED)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(bench_${name} ${sources})
  target_link_libraries(bench_${name} PRIVATE parsimony::${name} ${ARGN} benchmark::benchmark benchmark::benchmark_main)
endfunction()

# parsimony_embed_web(<folder> STYLES names... SCRIPTS names...): files of web/ without their endings, joined in
# that order, become k_web_page, k_web_style and k_web_script of the folder's web_sources.hpp.
function(parsimony_embed_web name)
  cmake_parse_arguments(ARG "" "" "STYLES;SCRIPTS" ${ARGN})
  set(web ${PROJECT_SOURCE_DIR}/web)
  list(TRANSFORM ARG_STYLES REPLACE "(.+)" "${web}/\\1.css")
  list(TRANSFORM ARG_SCRIPTS REPLACE "(.+)" "${web}/\\1.js")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/web_sources.cpp)
  set(program ${PROJECT_SOURCE_DIR}/cmake/embed_web.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DMODULE=${name} -DPAGE=${web}/page.html
            "-DSTYLES=${ARG_STYLES}" "-DSCRIPTS=${ARG_SCRIPTS}" -P ${program}
    DEPENDS ${web}/page.html ${ARG_STYLES} ${ARG_SCRIPTS} ${program}
    VERBATIM)
  target_sources(parsimony_${name} PRIVATE ${output})
endfunction()
