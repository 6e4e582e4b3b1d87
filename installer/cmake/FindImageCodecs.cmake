# The codec, colour and metadata libraries core/image uses directly: libjpeg-turbo, libpng, libwebp, libtiff,
# giflib, libheif, libjxl, Little CMS, Exiv2.
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(TIFF REQUIRED)
find_path(WEBP_INCLUDE_DIR webp/decode.h)
find_library(WEBP_LIBRARY webp)
find_library(WEBPMUX_LIBRARY webpmux)
find_library(WEBPDEMUX_LIBRARY webpdemux)
find_package(GIF 5 REQUIRED)
find_path(HEIF_INCLUDE_DIR libheif/heif.h)
find_library(HEIF_LIBRARY heif)
find_path(JXL_INCLUDE_DIR jxl/decode.h)
find_library(JXL_LIBRARY jxl)
find_path(LCMS2_INCLUDE_DIR lcms2.h)
find_library(LCMS2_LIBRARY lcms2)
find_path(EXIV2_INCLUDE_DIR exiv2/exiv2.hpp)
find_library(EXIV2_LIBRARY exiv2)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ImageCodecs REQUIRED_VARS WEBP_INCLUDE_DIR WEBP_LIBRARY WEBPMUX_LIBRARY
  WEBPDEMUX_LIBRARY HEIF_INCLUDE_DIR HEIF_LIBRARY JXL_INCLUDE_DIR JXL_LIBRARY LCMS2_INCLUDE_DIR LCMS2_LIBRARY
  EXIV2_INCLUDE_DIR EXIV2_LIBRARY)
if(ImageCodecs_FOUND AND NOT TARGET ImageCodecs::ImageCodecs)
  add_library(ImageCodecs::ImageCodecs INTERFACE IMPORTED)
  target_include_directories(ImageCodecs::ImageCodecs SYSTEM INTERFACE ${WEBP_INCLUDE_DIR} ${HEIF_INCLUDE_DIR}
    ${JXL_INCLUDE_DIR} ${LCMS2_INCLUDE_DIR} ${EXIV2_INCLUDE_DIR})
  target_link_libraries(ImageCodecs::ImageCodecs INTERFACE JPEG::JPEG PNG::PNG TIFF::TIFF GIF::GIF
    ${WEBP_LIBRARY} ${WEBPMUX_LIBRARY} ${WEBPDEMUX_LIBRARY} ${HEIF_LIBRARY} ${JXL_LIBRARY} ${LCMS2_LIBRARY}
    ${EXIV2_LIBRARY})
endif()
