# OpenCV's core, imgproc and imgcodecs from the small Debian packages, which carry no OpenCVConfig.cmake.
find_path(OpenCVLite_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
foreach(part core imgproc imgcodecs)
  find_library(OpenCVLite_${part}_LIBRARY opencv_${part})
  list(APPEND OpenCVLite_LIBRARIES ${OpenCVLite_${part}_LIBRARY})
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCVLite REQUIRED_VARS OpenCVLite_INCLUDE_DIR OpenCVLite_core_LIBRARY
  OpenCVLite_imgproc_LIBRARY OpenCVLite_imgcodecs_LIBRARY)
if(OpenCVLite_FOUND AND NOT TARGET OpenCVLite::OpenCVLite)
  add_library(OpenCVLite::OpenCVLite INTERFACE IMPORTED)
  target_include_directories(OpenCVLite::OpenCVLite SYSTEM INTERFACE ${OpenCVLite_INCLUDE_DIR})
  target_link_libraries(OpenCVLite::OpenCVLite INTERFACE ${OpenCVLite_LIBRARIES})
endif()
