#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/image/decode.h"
#include "core/image/image.h"
#include "core/image/metadata.h"

namespace signet::examine {

struct Finding;

/// Two layers of one image that do not go together. It says which and how, and draws no conclusion.
struct Conflict {
    std::string kind;  ///< stable, for scripts: see findConflicts
    std::string message;
};

/// The conflicts of one image, in this order:
/// - "thumbnail_differs", "thumbnail_turned": the embedded thumbnail does not show what the image shows, or
///   shows it in another orientation (measure and threshold: thumbnail.h);
/// - "exif_size_differs": EXIF gives other pixel dimensions than the file has (either way round);
/// - "ending_differs" (by Examiner::check, as the last one): the name's ending is another format's;
/// - "camera_and_generator": the metadata name both a camera and an image generator;
/// - "camera_and_signature", "generator_and_signature": the metadata name one, and a model reports a
/// signature,
///   of which such metadata say nothing.
/// A camera is named by EXIF Make and Model or IPTC's digital source type digitalCapture; a generator by the
/// digital source types trainedAlgorithmicMedia, compositeWithTrainedAlgorithmicMedia and algorithmicMedia,
/// by a known name in the fields that hold the program, or by the parameters that generators write. No
/// metadata standard names the holder of a signature, so none is looked for. decode: how shown was decoded;
/// shown: after orientation, perhaps reduced.
std::vector<Conflict> findConflicts(const image::Metadata& metadata, const image::DecodeInfo& decode,
                                    const image::Image& shown, std::span<const Finding> findings);

}  // namespace signet::examine
