#pragma once

#include <string>
#include <vector>

#include "core/report/document.h"

namespace signet::report {

/// The blocks of a model card's Markdown: headings (as level 3), paragraphs, lists, indented code and tables;
/// marks of emphasis and code are dropped, links and HTML stay as text. Any text gives some blocks.
std::vector<Block> markdownBlocks(const std::string& text);

}  // namespace signet::report
