#pragma once

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QString>
#include <memory>
#include <string>

class QPainter;
class QTextLayout;

namespace signet::ui {

// Lengths on a report's page are in units of 1/20 point: fine enough that glyphs stand where their designers
// put them.
constexpr double pt(double points) {
    return 20 * points;
}
constexpr double mm(double millimetres) {
    return pt(millimetres * 72 / 25.4);
}

/// How a text on a page looks.
struct TextStyle {
    double size = 9;  ///< pt
    bool bold = false;
    bool mono = false;
    QColor colour = QColor(0x1d, 0x21, 0x26);
    Qt::Alignment alignment = Qt::AlignLeft;
};

QFont reportFont(const TextStyle& style);

/// A text that is visible() for a page: what no font here has a glyph for stands as [U+6F22], and so does
/// what lies beyond the basic plane ([U+1F600]): a PDF made by Qt names no such letter, so that it could be
/// neither searched nor copied.
QString printable(const std::string& text, const TextStyle& style);

/// The width of the longest word: names, paths, hashes and codes as a whole.
double longestWord(const QString& text, const TextStyle& style);

/// A text broken into lines of a width, to be drawn line by line over several pages. A name or a hash that
/// does not fit is broken before a mark or after a slash (as The Chicago Manual of Style, 14.18, has it for
/// addresses) or between groups of digits, with nothing added, so that it can be copied whole; other words
/// anywhere. No line ends in a hyphen that is part of a name, as readers of PDFs drop it there. Not for use
/// in several threads at once.
class TextPiece {
public:
    TextPiece(const QString& text, const TextStyle& style, double width, qsizetype boldCharacters = 0);
    ~TextPiece();
    TextPiece(TextPiece&&) noexcept;

    int lines() const;
    /// Of lines first .. last - 1.
    double height(int first, int last) const;
    double height() const { return height(0, lines()); }
    /// How many lines from first on fit into height.
    int linesIn(double height, int first) const;
    /// The same for text that flows on to the next page: never a first or last line alone there or here; 0:
    /// all of it belongs on the next page.
    int linesBeforeBreak(double height, int first) const;
    /// Of the lines that must stand together at its beginning.
    double leadHeight() const;
    void draw(QPainter& painter, QPointF topLeft, int first, int last) const;
    void draw(QPainter& painter, QPointF topLeft) const { draw(painter, topLeft, 0, lines()); }

private:
    std::unique_ptr<QTextLayout> m_layout;
    QColor m_colour;
};

}  // namespace signet::ui
