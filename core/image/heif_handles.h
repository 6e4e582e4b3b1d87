#pragma once

#include <libheif/heif.h>

#include <memory>

/// Owners of libheif's objects. Nothing outside the HEIF and AVIF files of core/image includes this header.
namespace signet::image::codecs {

template <auto release>
struct HeifReleaser {
    template <typename T>
    void operator()(T* object) const {
        release(object);
    }
};
using HeifContext = std::unique_ptr<heif_context, HeifReleaser<heif_context_free>>;
using HeifHandle = std::unique_ptr<heif_image_handle, HeifReleaser<heif_image_handle_release>>;
using HeifPixels = std::unique_ptr<heif_image, HeifReleaser<heif_image_release>>;
using HeifEncoder = std::unique_ptr<heif_encoder, HeifReleaser<heif_encoder_release>>;
using HeifDecodingOptions = std::unique_ptr<heif_decoding_options, HeifReleaser<heif_decoding_options_free>>;

}  // namespace signet::image::codecs
