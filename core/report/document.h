#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/report/pictures.h"
#include "core/report/report_content.h"

namespace signet::report {

/// How a text is set apart, always beside its words: never by colour alone.
enum class Tone {
    Plain,
    Note,  ///< amber
    Alert  ///< red
};

// The blocks a report consists of. All texts are visible() and, where they come from users and stand among
// others, embedded(); writers only escape them for their format.

struct Heading {
    int level = 1;  ///< 1: a section, 2: an exhibit or model, 3: inside one
    std::string text;
    std::string key;  ///< of a section: the anchor
};

struct Paragraph {
    std::string lead;  ///< in bold before the text; may be empty
    std::string text;
    Tone tone = Tone::Plain;
    bool mono = false;
    bool small = false;  ///< to look up, not to read on
};

struct Fact {
    std::string label;
    std::string value;
    bool mono = false;
    Tone tone = Tone::Plain;
};

/// Labels and values in two columns.
struct Facts {
    std::vector<Fact> facts;
};

struct Column {
    std::string title;
    double weight = 1;  ///< share of the width
    bool mono = false;
    bool right = false;  ///< numbers
};

struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<Tone> tones;  ///< one a row; empty: all plain
};

/// A picture that is read when it is written.
struct PictureBox {
    std::function<Picture()> load;
    std::string caption;
    bool evidenceMap = false;               ///< gets the legend of the map's colours
    double aspect = 0;                      ///< width / height, where known before it is read; 0: unknown
    bool lineArt = false;                   ///< a drawing: kept without loss
    std::vector<Region> regions = {};       ///< outlined on it
    std::string mapUnit = "logits a cell";  ///< of an evidence map's legend
};

struct Pictures {
    std::vector<PictureBox> boxes;
    double heightMm = 55;
};

using Block = std::variant<Heading, Paragraph, Facts, Table, Pictures>;
using BlockSink = std::function<void(const Block&)>;

/// The report's body, section by section and block by block in order, from the first section to the
/// signatures; title block, page headers and the end mark are the writers'. The exhibits' blocks are made one
/// after another.
void writeDocument(const ReportContent& content, const BlockSink& sink);

/// What a reader must know first, between title and contents: that it is a draft and what a final report
/// still needs, that the integrity is not confirmed, other warnings.
void writePreliminaries(const ReportContent& content, const BlockSink& sink);

/// What stands under the title: id, version, status, dates.
Facts identification(const ReportContent& content);

/// "Draft" or "Final", the word the writers mark pages with.
std::string statusWord(const ReportContent& content);

/// The pixels of a picture as writers embed it, longest side.
inline constexpr int kPictureSide = 440;

}  // namespace signet::report
