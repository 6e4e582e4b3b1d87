#pragma once

#include <QString>
#include <optional>

#include "ui/bridge/generator_service.h"

// What the Generators page says of pictures and of what reads them.
namespace signet::ui {

/// Under a picture: its number, and the answers in a few words.
QString captionOf(const DrawnPicture& picture, const std::optional<DrawnReading>& reading,
                  const std::string& codeHex);

/// All that is said of a picture, a line each. codeHex: what a secured generator draws; empty: no code.
QString aboutDrawn(const DrawnPicture& picture, const std::optional<DrawnReading>& reading,
                   const std::string& codeHex);

/// In how many of those read the signature was found, with the 95 % interval (Clopper-Pearson).
QString foundText(const std::string& signature, int found, int read);

/// "5 of 16 drawn", of a diffusion with "step 12 of 250"; "16 drawn, 3 read".
QString drawingText(int drawn, int read, int total, const DrawStep& step);

}  // namespace signet::ui
