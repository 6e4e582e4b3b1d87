#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/signature/registered_picture.h"

namespace signet::examine {

/// What the answer of a keyed signature rests on. Its p-values are for "this key is a random one of which the
/// picture knows nothing": they hold for any picture whatever, without a calibration (see CarrierReading),
/// and are corrected for everything that was tried, keys included.
struct KeyedEvidence {
    /// A part of the picture that the key signed; several where several signed pictures were put together.
    struct Region {
        /// Convex polygon, x and y as shares of the image's sides, 0..1.
        std::vector<std::array<double, 2>> outline;
        double log10P = 0;    ///< of the one key: see log10POf
        std::string codeHex;  ///< empty: not readable
    };

    std::string keyFingerprint;  ///< of the key that fits best of those tried
    bool publicKey = false;      ///< everybody can write and read with it
    int keysTried = 1;
    double log10P = 0;                                        ///< the finding's score is its negative
    double log10PSync = 0, log10PEnergy = 0, log10PCode = 0;  ///< its parts, of the one key
    std::int64_t trials =
        0;  ///< geometries that the synchronisation pattern was looked for in; 1: as it is shown
    /// Share of the key and of random ones whose synchronisation pattern fits as well over the same search: a
    /// check of log10PSync by counting.
    std::optional<double> rankP;
    /// Of the view in chips to the frame of the picture as it was signed, but for whole tiles; row-major.
    std::array<double, 9> viewToFrame{1, 0, 0, 0, 1, 0, 0, 0, 1};
    std::vector<Region> regions;  ///< the most likely first
    /// log10 of the p-value of a part, for every key that was tried: a region's own is that of one key.
    double log10POf(const Region& region) const {
        return std::min(0.0, region.log10P + std::log10(std::max(1, keysTried)));
    }

    /// How what is seen compares with the picture that a code was registered for.
    struct Picture {
        signature::PictureComparison comparison;
        std::string name;    ///< of the entry: a file's, or a holder
        std::string sha256;  ///< of its file; empty: not known
    };
    std::optional<Picture> picture;  ///< where a code was named that is registered
    /// What is seen of the frame, where a code was named; not recorded.
    std::shared_ptr<const signature::SeenSigns> seen;
};

}  // namespace signet::examine
