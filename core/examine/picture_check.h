#pragma once

#include <span>

#include "core/examine/record.h"
#include "core/signature/signed_register.h"

namespace signet::examine {

/// Whether the code of a keyed finding belongs to what is seen, by what the workspace signed: sets
/// KeyedEvidence::picture. Nothing where no code was named.
void compareWithRegister(Finding& finding, const signature::SignedRegister& signedPictures,
                         std::vector<std::string>* warnings);

/// Keeps the answer of a comparison with registered pictures in a keyed finding. name, sha256: of the entry.
void setPicture(Finding& finding, const signature::PictureComparison& comparison, std::string name,
                std::string sha256);

/// Puts in the record's conflicts what the findings say of their codes' pictures: "code_of_another_picture"
/// where a code belongs to another one. What was there of that kind goes.
void setPictureConflicts(Record& record);

}  // namespace signet::examine
