#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/examine/calibration_policy.h"
#include "core/examine/claim.h"
#include "core/examine/examine.h"
#include "core/image/find_images.h"
#include "core/models/training_list.h"

namespace signet::examine {

struct ScoreFoldersOptions {
    std::filesystem::path signedFolder;
    std::filesystem::path unsignedFolder;
    std::vector<std::string> models;
    int atOnce = 1;  ///< files measured side by side
};

/// A file that was measured.
struct ScoredFile {
    std::filesystem::path path;
    std::string sha256;
    bool isSigned = false;
    int shortSide = 0;           ///< px, after orientation
    std::vector<double> scores;  ///< presence logits, one a model
};

/// A file that was left out, and why.
struct UnscoredFile {
    std::filesystem::path path;
    bool isSigned = false;
    Record::Failure failure;
};

/// Presence scores of the images of two folders by several models.
struct FolderScores {
    std::vector<std::string> models;
    std::vector<std::string> modelSha256;  ///< of their weights, as measured with; empty where no file was
    std::vector<SetWords> words;           ///< what each calls the two kinds of images; empty likewise
    std::vector<ScoredFile> files;         ///< signed and unsigned ones in turn
    std::vector<UnscoredFile> unscored;
    std::vector<image::LeftOut> leftOut;  ///< what in the folders is no image
    int duplicates = 0;  ///< files whose content an earlier file of the same folder has: counted once
    /// Names the set: SHA-256 of the sorted lines "<SHA-256 of the file> signed|unsigned" of the files
    /// measured.
    std::string setSha256;
    bool complete = true;  ///< false: stopped before all files were measured

    int count(bool isSigned) const;
    /// How many of the files measured are in a model's list of training files.
    int countInTraining(const models::TrainingList& list) const;
    /// The scores of one model, as a calibration wants them.
    MeasuredScores scoresOf(std::size_t model) const;
};

/// Examines one file with the models of these names, called from as many threads as files are measured side
/// by side. An error about the file is in the record; an error about the set-up is thrown.
using ExamineFile = std::function<Record(const std::filesystem::path&, const std::vector<std::string>& models,
                                         const WorkContext&)>;

/// Examines all images in and below both folders. All files are hashed first, so that a content that lies in
/// both folders is left out on both sides (its label is not known) and one that lies several times in a
/// folder counts once; a file that changes meanwhile is left out. Progress is reported in two phases,
/// "reading" and "measuring". A stop keeps what was measured. Throws NotFound (no folder, no image in it),
/// BadOption (no model, one folder inside the other), and what examineFile throws.
FolderScores scoreFolders(const ScoreFoldersOptions& options, const ExamineFile& examineFile,
                          const WorkContext& context);

/// ExamineFile with an Examiner, which must outlive it.
ExamineFile examineWith(Examiner& examiner);

}  // namespace signet::examine
