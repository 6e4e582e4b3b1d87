#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/metrics/intervals.h"

namespace signet::fingerprint {

/// How many bits of codes were read right, a picture at a time.
class BitTally {
public:
    /// logits: read off a picture, as many as the code has bits.
    void add(const std::vector<std::uint8_t>& code, std::span<const float> logits);
    void add(std::int64_t right, std::int64_t bits);

    std::int64_t pictures() const { return m_pictures; }
    std::int64_t bitsRight() const { return m_right; }
    std::int64_t wholeCodes() const { return m_whole; }    ///< pictures of which every bit was read right
    std::int64_t fewestRight() const { return m_fewest; }  ///< bits of the worst picture; 0 of none
    double accuracy() const { return m_pictures > 0 ? m_sum / static_cast<double>(m_pictures) : 0; }
    /// 95 %, of the mean over pictures (Student's t); of fewer than two pictures 0 to 1.
    metrics::Interval interval() const;

private:
    std::int64_t m_pictures = 0, m_right = 0, m_whole = 0, m_fewest = 0;
    double m_sum = 0, m_squares = 0;  ///< of the pictures' shares
};

/// How well a model reads the fingerprints of what it draws itself: latents and codes drawn anew, pictures
/// rounded to 8 bits as a PNG file has them; pictures >= 2. Stopped work gives what was done.
BitTally readBack(FingerprintModel& model, std::int64_t pictures, std::uint64_t seed,
                  const WorkContext& context);

/// What a model reads off images that no instance of it drew, and how that compares with what is assumed of
/// them: that a code which is drawn evenly and independently agrees with it in Bin(bits, 1/2) bits. The
/// assumption needs the codes to be drawn so, and nothing of the images; what is counted shows whether the
/// search and its correction do what they say.
class NullMeasure {
public:
    /// Each image's code is looked for among so many codes of its own, drawn with the seed.
    NullMeasure(int bits, std::int64_t codesEach, std::uint64_t seed);

    void add(std::span<const float> logits);
    std::int64_t images() const { return m_images; }
    /// Bits' shares of ones (the even share is what unbiased bits have), how alike two images' codes are, and
    /// for p-values of 0.1, 0.01, 0.001 how many images have one so small, with 95 % intervals.
    Json report() const;

private:
    int m_bits;
    std::int64_t m_codesEach;
    std::uint64_t m_seed;
    std::int64_t m_images = 0;
    std::vector<std::int64_t> m_ones;    ///< images, a bit
    std::vector<std::int64_t> m_atMost;  ///< images whose p-value is at most kLevels[i]
    double m_smallestLog10P = 0;
};

}  // namespace signet::fingerprint
