#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/experiments/signature_measures.h"
#include "core/generators/generator_model.h"

// What the tables of paper A's stage 2 share.
namespace signet::experiments {

/// A generator of table 3, with its training and what it becomes, by the preset's names.
struct GeneratorOfTable {
    const char* name;                  ///< "LDM"
    const char* training;              ///< of the generator
    const char* secured;               ///< of its fine-tuning on signed pictures
    double fid, fidSecured, accuracy;  ///< the paper's, of FFHQ
};
const std::vector<GeneratorOfTable>& generatorsOfTable();

/// The training that secures a generator, with the preset's signature and a code of all ones, or another; or
/// that goes on with another one (changes "generator").
Json securing(const Settings& settings, const GeneratorOfTable& generator,
              const Json& changes = Json::object());

/// Real pictures for a detector to learn from, side x side px, the preset's detectorPictures of them.
std::filesystem::path realPictures(Workshop& workshop, int side);
/// As many that a generator draws.
std::filesystem::path drawnPictures(Workshop& workshop, const std::filesystem::path& generator);

/// What is read of pictures that a generator draws, which have the code, and of real ones held out, which
/// have none.
SignatureScores scoresOfDrawn(Workshop& workshop, generators::GeneratorModel& generator,
                              const std::vector<std::uint8_t>& code,
                              const std::function<signature::Detection(const image::Image& picture)>& read);

/// The same of a signature's detector and changed pictures.
SignatureScores scoresOfDrawn(
    Workshop& workshop, MeasuredSignature& signature, generators::GeneratorModel& generator,
    const std::vector<std::uint8_t>& code,
    const std::function<image::Image(const image::Image& picture, std::uint64_t number)>& change = {});

}  // namespace signet::experiments
