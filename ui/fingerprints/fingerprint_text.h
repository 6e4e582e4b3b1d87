#pragma once

#include <QString>

#include "ui/bridge/fingerprint_service.h"

namespace signet::ui {

/// "1,234,567".
QString groupedText(std::int64_t number);

/// "instance 3", "instance 3, revoked", "no registered instance", "two holders' instances are as near"; why
/// it could not be looked for.
QString answerText(const IdentifiedPicture& picture);

/// "97 of 128"; empty where nothing was compared.
QString matchedText(const IdentifiedPicture& picture);

/// The p-value of the nearest code, corrected for the registry's size; empty where nothing was compared.
QString correctedText(const IdentifiedPicture& picture);

/// What the answer rests on, in sentences.
QString explanation(const IdentifiedPicture& picture);

}  // namespace signet::ui
