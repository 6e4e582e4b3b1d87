#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/experiments/workshop.h"
#include "core/image/image.h"
#include "core/image/resample.h"
#include "core/signature/model.h"

// What the tables of paper A measure of a signature: on pictures that no training used, 8-bit as a PNG file
// has them.
namespace signet::experiments {

/// A signature's model ready to be measured, without informed embedding: what the injector does by itself.
class MeasuredSignature {
public:
    MeasuredSignature(const Workshop& workshop, const std::filesystem::path& folder);

    int bits() const { return m_model->bits(); }
    int side() const { return m_model->detectSide(); }
    /// Code number 1 .. 2^bits - 1 as the paper counts them, the first bit the highest.
    std::vector<std::uint8_t> code(std::uint64_t number) const;
    std::uint64_t codes() const { return (std::uint64_t{1} << bits()) - 1; }

    image::Planes residual(const image::Image& picture, const std::vector<std::uint8_t>& code);
    /// The signed picture.
    image::Image marked(const image::Image& picture, const std::vector<std::uint8_t>& code);
    signature::Detection read(const image::Image& picture) { return m_model->detect(picture); }

private:
    std::unique_ptr<signature::Model> m_model;
    int m_threads;
};

/// Bits of signed pictures that are read as they were sent, and of unsigned ones as zeros, all pooled
/// (papers.md 1.6); the scores they were told by.
struct SignatureScores {
    std::vector<double> marked, clean;  ///< presence logits
    std::int64_t right = 0, bits = 0;

    void addMarked(const signature::Detection& detection, const std::vector<std::uint8_t>& code);
    void addClean(const signature::Detection& detection, int bits);
    /// {"accuracy", "accuracy_ci95", "n", "auc", "auc_ci95"}: n counts bits, the interval pictures.
    Json report() const;
    /// A point for each of at most 100 false positive rates: {"fpr": [...], "tpr": [...]}.
    Json curve() const;
};

/// Scores of the first pictures held out, each signed with one of the codes in turn and changed, and changed
/// unsigned.
SignatureScores scoresOf(
    Workshop& workshop, MeasuredSignature& signature,
    const std::function<image::Image(const image::Image& picture, std::uint64_t number)>& change = {});

/// {"psnr_db", "psnr_db_ci95" (rounded), "psnr_truncated_db", "psnr_unrounded_db", "fd_efflite0" of the
/// signed set to the same pictures unsigned, "kid_efflite0"} and what scoresOf reports.
Json signatureQuality(Workshop& workshop, const std::filesystem::path& folder);

}  // namespace signet::experiments
