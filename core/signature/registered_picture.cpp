#include "core/signature/registered_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace signet::signature {

namespace {

/// What is alike comes before what only has a greater score, of few signs.
std::pair<bool, double> rank(const Likeness& likeness) {
    return {likeness.answer == LikenessAnswer::Alike, likeness.score};
}

}  // namespace

PictureComparison comparePictures(const ReadSignature& read, std::span<const RegisteredPicture> registered) {
    std::vector<std::size_t> entries;
    for (std::size_t i = 0; i < registered.size(); ++i)
        if (registered[i].code == read.code &&
            (registered[i].keyFingerprint.empty() || registered[i].keyFingerprint == read.keyFingerprint))
            entries.push_back(i);
    PictureComparison found;
    if (entries.empty()) return found;
    found.entry = entries.front();
    bool allUnlike = true;
    for (const std::size_t i : entries) {
        const Likeness likeness =
            registered[i].hash ? likenessTo(*registered[i].hash, read.seen, entries.size()) : Likeness{};
        allUnlike = allUnlike && likeness.answer == LikenessAnswer::Unlike;
        if (likeness.signs > 0 && (found.likeness.signs == 0 || rank(likeness) > rank(found.likeness))) {
            found.entry = i;
            found.likeness = likeness;
        }
    }
    found.answer = found.likeness.answer == LikenessAnswer::Alike ? PictureAnswer::SamePicture
                   : allUnlike                                    ? PictureAnswer::OtherPicture
                                                                  : PictureAnswer::CannotBeSaid;
    return found;
}

std::string_view toString(PictureAnswer answer) {
    switch (answer) {
        case PictureAnswer::SamePicture:
            return "same_picture";
        case PictureAnswer::OtherPicture:
            return "other_picture";
        case PictureAnswer::CannotBeSaid:
            return "cannot_be_said";
        case PictureAnswer::NotRegistered:
            break;
    }
    return "not_registered";
}

PictureAnswer pictureAnswerFrom(std::string_view text) {
    for (const auto answer :
         {PictureAnswer::SamePicture, PictureAnswer::OtherPicture, PictureAnswer::CannotBeSaid})
        if (toString(answer) == text) return answer;
    return PictureAnswer::NotRegistered;
}

std::string inWords(const PictureComparison& comparison) {
    const Likeness& likeness = comparison.likeness;
    const std::string measured = likeness.signs > 0 ? fmt::format(" ({:.0f} % of {} signs agree)",
                                                                  100 * likeness.share(), likeness.signs)
                                                    : std::string();
    switch (comparison.answer) {
        case PictureAnswer::SamePicture:
            return "this code was registered for this picture" + measured;
        case PictureAnswer::OtherPicture:
            return "this code belongs to another picture" + measured;
        case PictureAnswer::CannotBeSaid:
            return "whether this code belongs to this picture cannot be said" + measured;
        case PictureAnswer::NotRegistered:
            break;
    }
    return "this code is not registered";
}

}  // namespace signet::signature
