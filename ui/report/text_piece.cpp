#include "ui/report/text_piece.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QHash>
#include <QPainter>
#include <QTextLayout>
#include <algorithm>

namespace signet::ui {
namespace {

constexpr double kLineSpacing = 1.12;  ///< of the font's own height

QString replacement(char32_t c) {
    return QStringLiteral("[U+%1]").arg(static_cast<std::uint32_t>(c), 4, 16, QLatin1Char('0')).toUpper();
}

bool isDrawn(char32_t c, const QFontMetricsF& metrics) {
    if (c < 0x250) return true;
    if (c == 0x200C || c == 0x200D || c == 0x2066 || c == 0x2069)
        return true;  // joiners and isolates draw nothing
    return metrics.inFontUcs4(c);
}

}  // namespace

QFont reportFont(const TextStyle& style) {
    QFont font(style.mono ? QStringLiteral("DejaVu Sans Mono") : QStringLiteral("DejaVu Sans"));
    font.setStyleHint(style.mono ? QFont::Monospace : QFont::SansSerif);
    font.setPixelSize(static_cast<int>(std::lround(pt(style.size))));
    font.setBold(style.bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    // Any spacing keeps ligatures away: a hash or a word must be found again by those who search or copy it.
    font.setLetterSpacing(QFont::AbsoluteSpacing, 1.0 / 64);
    return font;
}

QString printable(const std::string& text, const TextStyle& style) {
    const QString all = QString::fromStdString(text);
    if (std::all_of(all.begin(), all.end(), [](QChar c) { return c.unicode() < 0x250; })) return all;
    // one table a thread and kind of font: looking a glyph up walks through all fonts
    thread_local QHash<char32_t, bool> known[2];
    QHash<char32_t, bool>& drawn = known[style.mono];
    const QFontMetricsF metrics(reportFont(style));
    QString out;
    for (const char32_t c : all.toUcs4()) {
        const auto found = drawn.constFind(c);
        const bool has = found != drawn.constEnd() ? *found : *drawn.insert(c, isDrawn(c, metrics));
        out += has ? QString::fromUcs4(&c, 1) : replacement(c);
    }
    return out;
}

TextPiece::TextPiece(const QString& text, const TextStyle& style, double width, qsizetype boldCharacters)
    : m_colour(style.colour) {
    QString shown = text;
    shown.replace(QLatin1Char('\n'), QChar::LineSeparator);
    m_layout = std::make_unique<QTextLayout>(shown, reportFont(style));
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(style.alignment);
    option.setTextDirection(Qt::LayoutDirectionAuto);
    option.setUseDesignMetrics(true);
    option.setTabStopDistance(pt(24));
    m_layout->setTextOption(option);
    m_layout->setCacheEnabled(true);
    if (boldCharacters > 0) {
        QTextLayout::FormatRange lead;
        lead.start = 0;
        lead.length = static_cast<int>(boldCharacters);
        lead.format.setFontWeight(QFont::Bold);
        m_layout->setFormats({lead});
    }
    m_layout->beginLayout();
    double y = 0;
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height() * kLineSpacing;
    }
    m_layout->endLayout();
}

TextPiece::~TextPiece() = default;
TextPiece::TextPiece(TextPiece&&) noexcept = default;

int TextPiece::lines() const {
    return m_layout->lineCount();
}

double TextPiece::height(int first, int last) const {
    if (last <= first) return 0;
    const QTextLine end = m_layout->lineAt(last - 1);
    return end.y() + end.height() * kLineSpacing - m_layout->lineAt(first).y();
}

int TextPiece::linesIn(double available, int first) const {
    int count = 0;
    while (first + count < lines() && height(first, first + count + 1) <= available) ++count;
    return count;
}

void TextPiece::draw(QPainter& painter, QPointF topLeft, int first, int last) const {
    if (last <= first) return;
    painter.setPen(m_colour);
    const double top = m_layout->lineAt(first).y();
    for (int i = first; i < last; ++i) m_layout->lineAt(i).draw(&painter, topLeft - QPointF(0, top));
}

}  // namespace signet::ui
