#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/image/canvas.h"
#include "core/image/codecs.h"
#include "core/image/heif_handles.h"

/// HEIF, HEIC and AVIF. The file's own transformations (irot, imir, clap) say how a picture is shown; an EXIF
/// orientation beside them is a copy that readers are told to ignore (ISO/IEC 23008-12, 6.5.10 and A.2.1).
namespace signet::image::codecs {
namespace {

constexpr int kMaxSide = 65'535;
constexpr std::size_t kMaxBlockBytes = 32u << 20;  ///< of EXIF or XMP

void check(const heif_error& error, const char* what) {
    if (error.code == heif_error_Ok) return;
    const bool unsupported =
        error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype;
    const bool large = error.code == heif_error_Memory_allocation_error ||
                       error.subcode == heif_suberror_Security_limit_exceeded;
    throw Error(
        large         ? ErrorCode::TooLarge
        : unsupported ? ErrorCode::Unsupported
                      : ErrorCode::Corrupt,
        fmt::format("the HEIF file cannot be {} ({})", what, error.message ? error.message : "unknown"));
}

class File {
public:
    explicit File(ByteSpan bytes) : m_context(heif_context_alloc()) {
        if (!m_context) throw Error(ErrorCode::TooLarge, "there is not enough memory to read the HEIF file");
        heif_context_set_maximum_image_size_limit(m_context.get(), kMaxSide);
        check(
            heif_context_read_from_memory_without_copy(m_context.get(), bytes.data(), bytes.size(), nullptr),
            "read");
        const int count = heif_context_get_number_of_top_level_images(m_context.get());
        m_ids.resize(static_cast<std::size_t>(std::max(count, 0)));
        m_ids.resize(static_cast<std::size_t>(
            std::max(heif_context_get_list_of_top_level_image_IDs(m_context.get(), m_ids.data(), count), 0)));
        heif_item_id primary = 0;
        check(heif_context_get_primary_image_ID(m_context.get(), &primary), "read");
        std::erase(m_ids, primary);
        m_ids.insert(m_ids.begin(), primary);
    }

    int frames() const { return static_cast<int>(m_ids.size()); }

    /// The primary picture is the first, the others follow in the order of the file.
    HeifHandle handle(int frame) const {
        checkFrame(frame, frames());
        heif_image_handle* handle = nullptr;
        check(heif_context_get_image_handle(m_context.get(), m_ids[static_cast<std::size_t>(frame - 1)],
                                            &handle),
              "read");
        return HeifHandle(handle);
    }

private:
    HeifContext m_context;
    std::vector<heif_item_id> m_ids;
};

Size shownSize(const heif_image_handle* handle) {
    return {static_cast<std::uint64_t>(std::max(heif_image_handle_get_width(handle), 0)),
            static_cast<std::uint64_t>(std::max(heif_image_handle_get_height(handle), 0))};
}

Size storedSize(const heif_image_handle* handle) {
    return {static_cast<std::uint64_t>(std::max(heif_image_handle_get_ispe_width(handle), 0)),
            static_cast<std::uint64_t>(std::max(heif_image_handle_get_ispe_height(handle), 0))};
}

/// Copies rows; samples of more than 8 bits (bits given) are spread over 16.
void copyRows(const std::uint8_t* plane, int stride, int bits, Image& image) {
    const std::size_t samples = image.sampleCount() / static_cast<std::size_t>(image.height);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* from = plane + static_cast<std::ptrdiff_t>(y) * stride;
        const std::size_t begin = static_cast<std::size_t>(y) * samples;
        if (image.depth == 8) {
            std::memcpy(image.data.data() + begin, from, samples);
            continue;
        }
        const std::uint32_t full = (1u << bits) - 1;
        for (std::size_t i = 0; i < samples; ++i) {
            const std::uint32_t value = std::min<std::uint32_t>(from[2 * i] | from[2 * i + 1] << 8, full);
            image.samples16()[begin + i] = static_cast<std::uint16_t>((value * 65535u + full / 2) / full);
        }
    }
}

std::vector<std::uint8_t> metadataBlock(const heif_image_handle* handle, heif_item_id id) {
    const std::size_t size = heif_image_handle_get_metadata_size(handle, id);
    if (size == 0 || size > kMaxBlockBytes) return {};
    std::vector<std::uint8_t> block(size);
    if (heif_image_handle_get_metadata(handle, id, block.data()).code != heif_error_Ok) block.clear();
    return block;
}

}  // namespace

Stored probeHeif(ByteSpan bytes, int frame) {
    const File file(bytes);
    return {shownSize(file.handle(frame).get()), file.frames(), 1};
}

Decoded decodeHeif(ByteSpan bytes, const DecodeOptions& options) {
    const File file(bytes);
    const HeifHandle handle = file.handle(options.frame);
    const bool alpha = heif_image_handle_has_alpha_channel(handle.get()) != 0;
    const int bits = std::max(heif_image_handle_get_luma_bits_per_pixel(handle.get()), 8);
    const bool deep = bits > 8;
    const int channels = alpha ? 4 : 3;
    const Size size = options.applyOrientation ? shownSize(handle.get()) : storedSize(handle.get());
    // The library holds the planes and their interleaved copy at once.
    const auto bytesPerPixel = std::uint64_t{2} * static_cast<std::uint64_t>(channels) * (deep ? 2 : 1);
    checkLimits(storedSize(handle.get()), bytesPerPixel, options.limits);
    checkLimits(size, bytesPerPixel, options.limits);

    const HeifDecodingOptions how(heif_decoding_options_alloc());
    if (!how) throw Error(ErrorCode::TooLarge, "there is not enough memory to decode the HEIF file");
    how->ignore_transformations = options.applyOrientation ? 0 : 1;
    const heif_chroma chroma =
        deep ? (alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE)
             : (alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB);
    heif_image* decodedPixels = nullptr;
    check(heif_decode_image(handle.get(), &decodedPixels, heif_colorspace_RGB, chroma, how.get()), "decoded");
    const HeifPixels pixels(decodedPixels);
    int stride = 0;
    const std::uint8_t* plane =
        heif_image_get_plane_readonly(pixels.get(), heif_channel_interleaved, &stride);
    const int width = heif_image_get_width(pixels.get(), heif_channel_interleaved);
    const int height = heif_image_get_height(pixels.get(), heif_channel_interleaved);
    // As shown it must have the size that was probed; as stored the header need not say.
    const bool asProbed =
        static_cast<std::uint64_t>(width) == size.width && static_cast<std::uint64_t>(height) == size.height;
    if (!plane || width <= 0 || height <= 0 || (options.applyOrientation && !asProbed))
        throw Error(ErrorCode::Corrupt, "the HEIF picture contradicts its header");
    checkLimits({static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height)}, bytesPerPixel,
                options.limits);

    Decoded decoded;
    DecodeInfo& info = decoded.info;
    info.decoder = std::string("libheif ") + heif_get_version();
    info.storedWidth = static_cast<int>(storedSize(handle.get()).width);
    info.storedHeight = static_cast<int>(storedSize(handle.get()).height);
    info.bitDepth = bits;
    info.colour = alpha ? "rgb+alpha" : "rgb";
    info.frames = file.frames();
    info.orientation = 1;
    decoded.image = makeImage(width, height, channels, deep ? 16 : 8);
    copyRows(plane, stride, heif_image_get_bits_per_pixel_range(pixels.get(), heif_channel_interleaved),
             decoded.image);
    if (alpha && heif_image_handle_is_premultiplied_alpha(handle.get()))
        info.warnings.push_back("the colours are premultiplied with the alpha channel, as stored");
    if (options.applyOrientation &&
        size.width * size.height != storedSize(handle.get()).width * storedSize(handle.get()).height)
        info.warnings.push_back(fmt::format("the file says to show {} x {} px of the {} x {} stored",
                                            size.width, size.height, info.storedWidth, info.storedHeight));
    return decoded;
}

MetadataBlocks readHeifMetadata(ByteSpan bytes, int frame) {
    const File file(bytes);
    const HeifHandle handle = file.handle(frame);
    MetadataBlocks blocks;
    const int count = heif_image_handle_get_number_of_metadata_blocks(handle.get(), nullptr);
    std::vector<heif_item_id> ids(static_cast<std::size_t>(std::max(count, 0)));
    heif_image_handle_get_list_of_metadata_block_IDs(handle.get(), nullptr, ids.data(), count);
    for (const heif_item_id id : ids) {
        const std::string type = heif_image_handle_get_metadata_type(handle.get(), id);
        if (type == "Exif") {
            blocks.exif = metadataBlock(handle.get(), id);
            if (blocks.exif.size() < 4) continue;
            // Four bytes say how far behind them the TIFF structure begins.
            const std::size_t skip = 4 + (static_cast<std::size_t>(blocks.exif[0]) << 24 |
                                          static_cast<std::size_t>(blocks.exif[1]) << 16 |
                                          static_cast<std::size_t>(blocks.exif[2]) << 8 | blocks.exif[3]);
            blocks.exif.erase(blocks.exif.begin(), blocks.exif.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                             skip, blocks.exif.size())));
        } else if (type == "mime") {
            blocks.xmp = metadataBlock(handle.get(), id);
        }
    }
    const std::size_t profile = heif_image_handle_get_raw_color_profile_size(handle.get());
    if (profile > 0 && profile <= kMaxBlockBytes &&
        heif_image_handle_get_color_profile_type(handle.get()) != heif_color_profile_type_nclx) {
        blocks.profile.resize(profile);
        if (heif_image_handle_get_raw_color_profile(handle.get(), blocks.profile.data()).code !=
            heif_error_Ok)
            blocks.profile.clear();
    }
    return blocks;
}

}  // namespace signet::image::codecs
