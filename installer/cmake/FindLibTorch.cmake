# LibTorch as two imported libraries (torch_cpu, c10) of a PyPI wheel or a downloaded LibTorch: the CPU part of the CUDA
# wheel links and runs where no CUDA toolkit and no GPU are. Looked for in Torch_DIR (the folder that holds include/ and
# lib/, or its share/cmake/Torch), else in the per-user cache that installer/setup fills.
set(SIGNET_TORCH_VERSION 2.11.0)
if(DEFINED ENV{XDG_CACHE_HOME})
  set(_cache $ENV{XDG_CACHE_HOME})
else()
  set(_cache $ENV{HOME}/.cache)
endif()
find_path(LibTorch_ROOT NAMES include/torch/csrc/api/include/torch/torch.h
  HINTS ${Torch_DIR} ${Torch_DIR}/../../.. ${_cache}/signet/libtorch-${SIGNET_TORCH_VERSION}/torch NO_DEFAULT_PATH)
find_library(LibTorch_CPU torch_cpu HINTS ${LibTorch_ROOT}/lib NO_DEFAULT_PATH)
find_library(LibTorch_C10 c10 HINTS ${LibTorch_ROOT}/lib NO_DEFAULT_PATH)
# c10d's Gloo is in torch_cpu; the headers it includes are left out of the wheel and come from libgloo-dev.
find_path(LibTorch_GLOO gloo/rendezvous/store.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_ROOT LibTorch_CPU LibTorch_C10 LibTorch_GLOO
  REASON_FAILURE_MESSAGE "run installer/setup, or pass -DTorch_DIR=<folder with include/ and lib/>")
# The wheel carries headers of a newer fmt than the system library; ours come first through the build's own include folder.
find_path(SIGNET_FMT_INCLUDE_DIR fmt/format.h NO_PACKAGE_ROOT_PATH)
if(EXISTS ${LibTorch_ROOT}/include/fmt AND SIGNET_FMT_INCLUDE_DIR)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
  file(CREATE_LINK ${SIGNET_FMT_INCLUDE_DIR}/fmt ${CMAKE_BINARY_DIR}/generated/fmt SYMBOLIC)
endif()
if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE ${LibTorch_ROOT}/include
    ${LibTorch_ROOT}/include/torch/csrc/api/include)
  target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_CPU} ${LibTorch_C10})
  target_link_options(LibTorch::LibTorch INTERFACE -Wl,--allow-shlib-undefined)
endif()
