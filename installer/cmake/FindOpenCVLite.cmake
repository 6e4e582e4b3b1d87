# OpenCV's core, imgproc and imgcodecs from the small Debian packages, which carry no OpenCVConfig.cmake.
# OpenCVLite::OpenCVLite is core and imgproc; OpenCVLite::ImgCodecs stands apart, since it loads some 120 libraries (GDAL
# and its own), about 0.1 s of every start.
find_path(OpenCVLite_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
foreach(part core imgproc imgcodecs)
  find_library(OpenCVLite_${part}_LIBRARY opencv_${part})
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCVLite REQUIRED_VARS OpenCVLite_INCLUDE_DIR OpenCVLite_core_LIBRARY
  OpenCVLite_imgproc_LIBRARY OpenCVLite_imgcodecs_LIBRARY)
if(OpenCVLite_FOUND AND NOT TARGET OpenCVLite::OpenCVLite)
  add_library(OpenCVLite::OpenCVLite INTERFACE IMPORTED)
  target_include_directories(OpenCVLite::OpenCVLite SYSTEM INTERFACE ${OpenCVLite_INCLUDE_DIR})
  target_link_libraries(OpenCVLite::OpenCVLite INTERFACE ${OpenCVLite_core_LIBRARY} ${OpenCVLite_imgproc_LIBRARY})
  add_library(OpenCVLite::ImgCodecs INTERFACE IMPORTED)
  target_link_libraries(OpenCVLite::ImgCodecs INTERFACE OpenCVLite::OpenCVLite ${OpenCVLite_imgcodecs_LIBRARY})
endif()
