#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace signet::ui {

/// A page of HTML without pictures as a PDF: A4 across, as wide tables are. Any thread; a QGuiApplication
/// must exist (offscreen will do).
std::vector<std::uint8_t> pdfOfHtml(const std::string& html);

}  // namespace signet::ui
