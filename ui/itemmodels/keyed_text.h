#pragma once

#include <QString>

#include "core/examine/record.h"

namespace signet::ui {

/// The logarithm of a p-value: "−12.3"; and the p-value: "10^−12.3", "1".
QString log10Text(double log10P);
QString powerOfTenText(double log10P);

/// What a finding's code is called: the code, "present, code not readable" of a keyed signature that is
/// reported without one, or nothing.
QString codeText(const examine::Finding& finding);

/// Whether a finding's score is the negative logarithm of a p-value: of keyed signatures and fingerprints.
bool isPValue(const examine::Finding& finding);
/// A score of a finding with two decimals in the terms of its kind: "+7.31" of a logit, "12.30" of the
/// negative logarithm of a p-value; and what scores are counted in: "−log10 p", "logit".
QString scoreText(const examine::Finding& finding, double score);
QString scoreUnit(bool isPValue);

/// "p = 10^−12.3 that a picture which knows nothing of this key fits as well; corrected for 48,000 geometries
/// and 2 keys".
QString pValueText(const examine::KeyedEvidence& keyed);

/// Of a fingerprint: "p = 10^−17.2 that the best of 12 registered instances agrees in 118 or more of 128 bits
/// by chance".
QString pValueText(const examine::CodeMatch& match);
/// "Instance 7, issued to Studio North"; where several holders' agree: who they are.
QString instanceText(const examine::CodeMatch& match);

/// What the p-value comes from: its two parts (CarrierReading), and the check by counting where there is one.
QString pValuePartsText(const examine::KeyedEvidence& keyed);

/// Whether a code belongs to the picture that it is read of: "This code belongs to another picture (53 % of
/// 812 signs agree). It was registered for holiday.png; a signature can be copied from the picture it was
/// written on." Empty where it is not registered.
QString registeredPictureText(const examine::KeyedEvidence::Picture& picture);

/// "code 3fa21b90", "present, code not readable".
QString regionText(const examine::KeyedEvidence::Region& region);

}  // namespace signet::ui
