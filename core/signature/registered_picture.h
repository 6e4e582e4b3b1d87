#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/signature/likeness.h"

namespace signet::signature {

/// What a register knows of the picture that was signed with a code.
struct RegisteredPicture {
    std::string keyFingerprint;       ///< of the key it was written with; empty: any
    std::string code;                 ///< lower-case hexadecimal
    std::optional<PictureHash> hash;  ///< nothing: what the picture looks like is not known
};

/// A code as it was read of a view. Both must outlive it.
struct ReadSignature {
    std::string_view keyFingerprint;
    std::string_view code;  ///< lower-case hexadecimal
    const SeenSigns& seen;  ///< seenSigns() of the view under the map of the reading
};

/// Whether a code stands on the picture that it was registered for. Who copies a signature from signed
/// pictures onto another copies the code with it, not what the pictures look like.
enum class PictureAnswer { NotRegistered, SamePicture, OtherPicture, CannotBeSaid };

struct PictureComparison {
    PictureAnswer answer = PictureAnswer::NotRegistered;
    std::size_t entry = 0;  ///< of the registered pictures, the one most like what is seen
    Likeness likeness;      ///< to that one
};

/// Compares what is seen with every registered picture of this code and key. The same picture where it is
/// like one of them, which is harder the more there are; another one where it is unlike all of them; nothing
/// can be said where it can of none, or not of all.
PictureComparison comparePictures(const ReadSignature& read, std::span<const RegisteredPicture> registered);

/// Of an answer in records: "not_registered", "same_picture", "other_picture", "cannot_be_said".
std::string_view toString(PictureAnswer answer);
/// The answer of such a text; of another one NotRegistered.
PictureAnswer pictureAnswerFrom(std::string_view text);

/// A sentence's part for a person: "this code belongs to another picture (53 % of 812 signs agree)".
std::string inWords(const PictureComparison& comparison);

}  // namespace signet::signature
