#include "core/examine/picture_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace signet::examine {
namespace {

constexpr const char* kCopyConflict = "code_of_another_picture";

}  // namespace

void compareWithRegister(Finding& finding, const signature::SignedRegister& signedPictures,
                         std::vector<std::string>* warnings) {
    if (!finding.code || !finding.keyed || !finding.keyed->seen) return;
    const auto entries = signedPictures.find(finding.keyed->keyFingerprint, finding.code->hex, warnings);
    std::vector<signature::RegisteredPicture> pictures;
    pictures.reserve(entries.size());
    for (const auto& entry : entries) pictures.push_back(entry.registered);
    const auto comparison = signature::comparePictures(
        {finding.keyed->keyFingerprint, finding.code->hex, *finding.keyed->seen}, pictures);
    if (comparison.answer == signature::PictureAnswer::NotRegistered) return;
    setPicture(finding, comparison, entries[comparison.entry].fileName, entries[comparison.entry].sha256);
}

void setPicture(Finding& finding, const signature::PictureComparison& comparison, std::string name,
                std::string sha256) {
    finding.keyed->picture = KeyedEvidence::Picture{comparison, std::move(name), std::move(sha256)};
}

void setPictureConflicts(Record& record) {
    std::erase_if(record.conflicts, [](const Conflict& conflict) { return conflict.kind == kCopyConflict; });
    for (const Finding& finding : record.findings) {
        if (!finding.keyed || !finding.keyed->picture) continue;
        const KeyedEvidence::Picture& picture = *finding.keyed->picture;
        if (picture.comparison.answer != signature::PictureAnswer::OtherPicture) continue;
        record.conflicts.push_back(
            {kCopyConflict,
             fmt::format(
                 "The code {} of {}: {}. It was registered for {}; a signature can be copied from the "
                 "picture it was written on.",
                 finding.code ? finding.code->hex : std::string(), finding.model,
                 signature::inWords(picture.comparison), picture.name)});
    }
}

}  // namespace signet::examine
