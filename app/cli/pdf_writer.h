#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/report/issue.h"

namespace signet::cli {

/// The writer of a report's format; that of "pdf" brings an offscreen Qt with it, so that no display is
/// needed. Throws Environment for PDF in a build without Qt (SIGNET_GUI=OFF).
report::ReportWriter reportWriter(const std::string& format);

/// An HTML page as a PDF, the same way. Throws Environment without Qt.
std::vector<std::uint8_t> pdfOfHtml(const std::string& html);

}  // namespace signet::cli
