#pragma once

#include <string>
#include <vector>

namespace signet::cli {

/// Columns of a table that the end of a path is shown in, beside few other columns and beside many.
inline constexpr std::size_t kPathColumns = 44;
inline constexpr std::size_t kNarrowPathColumns = 36;

/// Columns a UTF-8 text takes on a terminal, counted as one a character.
std::size_t columnsOf(const std::string& text);

/// text cut at the end to at most columns characters, with an ellipsis where something was cut.
std::string truncateColumns(const std::string& text, std::size_t columns);

/// The same, cut at the front: of a path the end says more.
std::string truncateFront(const std::string& text, std::size_t columns);

/// A readable table whose rows are printed as they come: widths are fixed beforehand, a longer cell pushes
/// the rest of its row. Makes strings only; printing is the caller's.
class Table {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        std::size_t width = 0;  ///< at least the title's
        Align align = Align::Left;
    };

    explicit Table(std::vector<Column> columns);

    /// Titles and a rule below them, two lines without the last line end.
    std::string header() const;

    /// One line without its end; missing cells are empty.
    std::string row(const std::vector<std::string>& cells) const;

private:
    std::vector<Column> m_columns;
};

}  // namespace signet::cli
