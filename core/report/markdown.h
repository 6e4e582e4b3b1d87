#pragma once

#include <string>
#include <vector>

#include "core/report/document.h"

namespace signet::report {

/// The blocks of a model card's Markdown: headings (as level 3), paragraphs, lists, indented code and tables;
/// marks of emphasis and code are dropped, links and HTML stay as text. Any text gives some blocks.
std::vector<Block> markdownBlocks(const std::string& text);

/// A model's card: the page for the reader of a report, and the sections whose heading begins with
/// "Training", for those who ask.
struct CardParts {
    std::string page;
    std::string training;
};
CardParts cardParts(const std::string& card);

}  // namespace signet::report
